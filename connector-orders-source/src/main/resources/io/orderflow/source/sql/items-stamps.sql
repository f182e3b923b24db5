-- SECURITY DEFINER, since a role that may write items may lack the privilege to write orders.
-- Orders are locked in the order of their IDs, so that two statements cannot deadlock.
CREATE OR REPLACE FUNCTION ${stamp_items}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  touched ${id_type}[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    touched := ARRAY(SELECT DISTINCT ${order_id} FROM new_items);
  ELSIF TG_OP = 'DELETE' THEN
    touched := ARRAY(SELECT DISTINCT ${order_id} FROM old_items);
  ELSIF TG_OP = 'UPDATE' THEN
    touched := ARRAY(SELECT ${order_id} FROM old_items UNION SELECT ${order_id} FROM new_items);
  ELSE
    UPDATE ${orders} AS o SET ${xid} = pg_current_xact_id()
    WHERE EXISTS (SELECT FROM ${items} AS i WHERE i.${order_id} = o.${id});
    RETURN NULL;
  END IF;
  UPDATE ${orders} AS o SET ${xid} = pg_current_xact_id()
  FROM (
    SELECT ${id} FROM ${orders}
    WHERE ${id} = ANY (touched) AND ${xid} <> pg_current_xact_id()
    ORDER BY ${id} FOR NO KEY UPDATE
  ) AS locked
  WHERE o.${id} = locked.${id};
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION ${stamp_items}() FROM PUBLIC;

CREATE OR REPLACE TRIGGER orderflow_stamp_insert AFTER INSERT ON ${items}
REFERENCING NEW TABLE AS new_items
FOR EACH STATEMENT EXECUTE FUNCTION ${stamp_items}();

CREATE OR REPLACE TRIGGER orderflow_stamp_update AFTER UPDATE ON ${items}
REFERENCING OLD TABLE AS old_items NEW TABLE AS new_items
FOR EACH STATEMENT EXECUTE FUNCTION ${stamp_items}();

CREATE OR REPLACE TRIGGER orderflow_stamp_delete AFTER DELETE ON ${items}
REFERENCING OLD TABLE AS old_items
FOR EACH STATEMENT EXECUTE FUNCTION ${stamp_items}();

CREATE OR REPLACE TRIGGER orderflow_stamp_truncate BEFORE TRUNCATE ON ${items}
FOR EACH STATEMENT EXECUTE FUNCTION ${stamp_items}();
