-- Prepares a database for the Orderflow orders source with capture=query.
-- Each order row records the ID of the transaction that last changed the order or its items.
-- The script rewrites no table and can be run again. Empty lines separate its statements:
-- psql -f runs the file; other clients must run the statements one by one with autocommit on.

BEGIN;

-- While a long transaction holds a table, ALTER TABLE would block all others. Rather fail after 5 s and retry later.
SET LOCAL lock_timeout = '5s';

-- Existing orders count as changed by transaction 2, which is older than all others.
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

-- SECURITY DEFINER, since a role that may write items may lack the privilege to write orders.
-- Orders are locked in the order of their IDs, so that two statements cannot deadlock.
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

-- Orders are read along this index: by shard (capture.shards=32), then in the order of their changes.
-- If its creation is interrupted, an invalid index remains: drop it and run this again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orderflow_orders_capture_32" ON "public"."orders"
  (((hashint8("id"::bigint) & 2147483647) % 32), "change_xid", "id");

-- Items are read by the ID of their order. If no index begins with it, this creates one, which blocks
-- writes to the table until it is done; run CREATE INDEX CONCURRENTLY beforehand to avoid that.
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
