-- Lets the Orderflow orders source with capture=query emit deletes of orders, as tombstones.
-- Run shop-install.sql first, and set deletes.table to the table that this script creates. It can be run again.
-- Empty lines separate the statements; psql -f runs the file.

BEGIN;

SET LOCAL lock_timeout = '5s';

-- One row for each deleted order. Rows that all connectors have emitted may be deleted at any time.
CREATE TABLE IF NOT EXISTS "public"."orders_deleted" (
  order_id bigint PRIMARY KEY,
  version bigint NOT NULL,
  change_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);

-- The same insert as in the triggers, of no rows: if a column is missing, this fails, rather than the next DELETE of an order.
INSERT INTO "public"."orders_deleted" (order_id, version)
SELECT o."id", o."version"::bigint + 1 FROM "public"."orders" AS o LIMIT 0;

-- SECURITY DEFINER, since a role that may delete orders may lack the privilege to write to this table.
CREATE OR REPLACE FUNCTION "public"."orderflow_orders_keep_deleted"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    DELETE FROM "public"."orders_deleted" AS d USING new_orders AS n WHERE d.order_id = n."id";
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "public"."orders_deleted" AS d (order_id, version)
    SELECT o."id", o."version"::bigint + 1 FROM old_orders AS o
    ON CONFLICT (order_id) DO UPDATE SET change_xid = EXCLUDED.change_xid, version = EXCLUDED.version;
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO "public"."orders_deleted" AS d (order_id, version)
    SELECT o."id", o."version"::bigint + 1 FROM "public"."orders" AS o
    ON CONFLICT (order_id) DO UPDATE SET change_xid = EXCLUDED.change_xid, version = EXCLUDED.version;
  ELSE
    INSERT INTO "public"."orders_deleted" AS d (order_id, version)
    SELECT o."id", o."version"::bigint + 1 FROM (SELECT OLD.*) AS o
    ON CONFLICT (order_id) DO UPDATE SET change_xid = EXCLUDED.change_xid, version = EXCLUDED.version;
    DELETE FROM "public"."orders_deleted" AS d WHERE d.order_id = NEW."id";
  END IF;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "public"."orderflow_orders_keep_deleted"() FROM PUBLIC;

CREATE OR REPLACE TRIGGER orderflow_deletes_delete AFTER DELETE ON "public"."orders"
REFERENCING OLD TABLE AS old_orders
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_orders_keep_deleted"();

CREATE OR REPLACE TRIGGER orderflow_deletes_truncate BEFORE TRUNCATE ON "public"."orders"
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_orders_keep_deleted"();

-- An order that exists again is not deleted.
CREATE OR REPLACE TRIGGER orderflow_deletes_insert AFTER INSERT ON "public"."orders"
REFERENCING NEW TABLE AS new_orders
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_orders_keep_deleted"();

-- A change of an order's ID deletes the order with the old ID.
CREATE OR REPLACE TRIGGER orderflow_deletes_update AFTER UPDATE ON "public"."orders"
FOR EACH ROW WHEN (OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION "public"."orderflow_orders_keep_deleted"();

-- Deleted orders are read along this index, as orders are along theirs (capture.shards=32).
CREATE INDEX IF NOT EXISTS "orderflow_orders_deleted_capture_32" ON "public"."orders_deleted"
  (((hashint8("order_id"::bigint) & 2147483647) % 32), change_xid, "order_id");

COMMIT;
