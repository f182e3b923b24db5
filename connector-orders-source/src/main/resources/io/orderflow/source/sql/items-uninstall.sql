DROP TRIGGER IF EXISTS orderflow_stamp_insert ON ${items};

DROP TRIGGER IF EXISTS orderflow_stamp_update ON ${items};

DROP TRIGGER IF EXISTS orderflow_stamp_delete ON ${items};

DROP TRIGGER IF EXISTS orderflow_stamp_truncate ON ${items};

DROP FUNCTION IF EXISTS ${stamp_items}();

DROP INDEX IF EXISTS ${items_index_qualified};
