-- Prepares a database for the Orderflow orders source with capture=query.
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
${of_items}
COMMIT;
