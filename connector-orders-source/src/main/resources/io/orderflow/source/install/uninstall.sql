-- Takes away what shop-install.sql has added. Stop the connector first, and reset its offsets: changes that
-- come while this is uninstalled leave no trace that an old offset could find.
-- Statements are separated by empty lines.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_stamp ON ${orders};

DROP TRIGGER IF EXISTS orderflow_stamp_insert ON ${items};

DROP TRIGGER IF EXISTS orderflow_stamp_update ON ${items};

DROP TRIGGER IF EXISTS orderflow_stamp_delete ON ${items};

DROP TRIGGER IF EXISTS orderflow_stamp_truncate ON ${items};

DROP FUNCTION IF EXISTS ${stamp_order}();

DROP FUNCTION IF EXISTS ${stamp_items}();

DROP INDEX IF EXISTS ${items_index_qualified};

-- The index on it goes with the column.
ALTER TABLE ${orders} DROP COLUMN IF EXISTS ${xid};

COMMIT;
