-- Prepares a database for the Orderflow orders source with capture=query.
-- Each order row keeps the ID of the transaction that last changed the order or its items.
-- No table is rewritten, and it can be run again. Statements are separated by empty lines;
-- psql -f runs them as they are, any other client one by one with autocommit on.

BEGIN;

-- A long transaction of the shop would make everybody wait behind us: then give up, and try again later.
SET LOCAL lock_timeout = '5s';

-- Orders that are there already count as changed by transaction 2, which is older than any other.
ALTER TABLE "public"."order_inventory" ADD COLUMN IF NOT EXISTS "change_xid" xid8 NOT NULL DEFAULT '2';

ALTER TABLE "public"."order_inventory" ALTER COLUMN "change_xid" SET DEFAULT pg_current_xact_id();

CREATE OR REPLACE FUNCTION "public"."orderflow_order_inventory_stamp_order"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW."change_xid" := pg_catalog.pg_current_xact_id();
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER orderflow_stamp BEFORE INSERT OR UPDATE ON "public"."order_inventory"
FOR EACH ROW EXECUTE FUNCTION "public"."orderflow_order_inventory_stamp_order"();
COMMIT;

-- Where an order is read from: its shard (capture.shards is 32 here), then the order of changes.
-- If this is interrupted, it leaves an invalid index: drop that, and run it again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orderflow_order_inventory_capture_32" ON "public"."order_inventory"
  (((hashint8("order_id"::bigint) & 2147483647) % 32), "change_xid", "order_id");
ANALYZE "public"."order_inventory";
