-- Prepares a shop's database for the Orderflow orders source with capture=query.
-- Each order row keeps the ID of the transaction that last changed the order or its items.
-- No table is rewritten, and it can be run again. Statements are separated by empty lines;
-- psql -f runs them as they are, any other client one by one with autocommit on.

BEGIN;

-- A long transaction of the shop would make everybody wait behind us: then give up, and try again later.
SET LOCAL lock_timeout = '5s';

-- Orders that are there already count as changed by transaction 2, which is older than any other.
ALTER TABLE ${orders} ADD COLUMN IF NOT EXISTS ${xid} xid8 NOT NULL DEFAULT '2';

ALTER TABLE ${orders} ALTER COLUMN ${xid} SET DEFAULT pg_current_xact_id();

CREATE OR REPLACE FUNCTION ${stamp_order}() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.${xid} := pg_catalog.pg_current_xact_id();
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER orderflow_stamp BEFORE INSERT OR UPDATE ON ${orders}
FOR EACH ROW EXECUTE FUNCTION ${stamp_order}();

-- With its owner's rights, since a role that may write items need not be one that may write orders.
-- Orders are locked in the order of their IDs, so that two statements cannot wait for each other.
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

COMMIT;
