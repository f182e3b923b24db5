-- Prepares a database for the Orderflow orders source with capture=query.
-- Each order row keeps the ID of the transaction that last changed the order or its items.
-- No table is rewritten, and it can be run again. Statements are separated by empty lines;
-- psql -f runs them as they are, any other client one by one with autocommit on.

BEGIN;

-- A long transaction of the shop would make everybody wait behind us: then give up, and try again later.
SET LOCAL lock_timeout = '5s';

-- Orders that are there already count as changed by transaction 2, which is older than any other.
ALTER TABLE "public"."orders" ADD COLUMN IF NOT EXISTS "change_xid" xid8 NOT NULL DEFAULT '2';

ALTER TABLE "public"."orders" ALTER COLUMN "change_xid" SET DEFAULT pg_current_xact_id();

CREATE OR REPLACE FUNCTION "public"."orderflow_orders_stamp_order"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW."change_xid" := pg_catalog.pg_current_xact_id();
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER orderflow_stamp BEFORE INSERT OR UPDATE ON "public"."orders"
FOR EACH ROW EXECUTE FUNCTION "public"."orderflow_orders_stamp_order"();

-- With its owner's rights, since a role that may write items need not be one that may write orders.
-- Orders are locked in the order of their IDs, so that two statements cannot wait for each other.
CREATE OR REPLACE FUNCTION "public"."orderflow_orders_stamp_items"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  touched bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    touched := ARRAY(SELECT DISTINCT "order_id" FROM new_items);
  ELSIF TG_OP = 'DELETE' THEN
    touched := ARRAY(SELECT DISTINCT "order_id" FROM old_items);
  ELSIF TG_OP = 'UPDATE' THEN
    touched := ARRAY(SELECT "order_id" FROM old_items UNION SELECT "order_id" FROM new_items);
  ELSE
    UPDATE "public"."orders" AS o SET "change_xid" = pg_current_xact_id()
    WHERE EXISTS (SELECT FROM "public"."order_items" AS i WHERE i."order_id" = o."id");
    RETURN NULL;
  END IF;
  UPDATE "public"."orders" AS o SET "change_xid" = pg_current_xact_id()
  FROM (
    SELECT "id" FROM "public"."orders"
    WHERE "id" = ANY (touched) AND "change_xid" <> pg_current_xact_id()
    ORDER BY "id" FOR NO KEY UPDATE
  ) AS locked
  WHERE o."id" = locked."id";
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "public"."orderflow_orders_stamp_items"() FROM PUBLIC;

CREATE OR REPLACE TRIGGER orderflow_stamp_insert AFTER INSERT ON "public"."order_items"
REFERENCING NEW TABLE AS new_items
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_orders_stamp_items"();

CREATE OR REPLACE TRIGGER orderflow_stamp_update AFTER UPDATE ON "public"."order_items"
REFERENCING OLD TABLE AS old_items NEW TABLE AS new_items
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_orders_stamp_items"();

CREATE OR REPLACE TRIGGER orderflow_stamp_delete AFTER DELETE ON "public"."order_items"
REFERENCING OLD TABLE AS old_items
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_orders_stamp_items"();

CREATE OR REPLACE TRIGGER orderflow_stamp_truncate BEFORE TRUNCATE ON "public"."order_items"
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_orders_stamp_items"();
COMMIT;

-- Where an order is read from: its shard (capture.shards is 32 here), then the order of changes.
-- If this is interrupted, it leaves an invalid index: drop that, and run it again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orderflow_orders_capture_32" ON "public"."orders"
  (((hashint8("id"::bigint) & 2147483647) % 32), "change_xid", "id");

-- Items are read by their order. Where no index begins with its ID, this makes one, and nobody can
-- write items meanwhile; CREATE INDEX CONCURRENTLY beforehand lets them.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = '"public"."order_items"'::regclass AND i.indisvalid AND i.indpred IS NULL
      AND a.attname = 'order_id'
  ) THEN
    CREATE INDEX "orderflow_order_items_order_id" ON "public"."order_items" ("order_id");
  END IF;
END
$$;
ANALYZE "public"."orders";
