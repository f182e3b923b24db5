-- Lets the Orderflow orders source with capture=query emit deletes of orders, as tombstones.
-- Run shop-install.sql first, and set deletes.table to the table that this script creates. It can be run again.
-- Empty lines separate the statements; psql -f runs the file.

BEGIN;

SET LOCAL lock_timeout = '5s';

-- One row for each deleted order. Rows that all connectors have emitted may be deleted at any time.
CREATE TABLE IF NOT EXISTS "public"."orders_deleted" (
  "order_id" bigint NOT NULL,
  version bigint NOT NULL,
  change_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY ("order_id")
);

-- The same insert as in the triggers, of no rows: if a column is missing, this fails, rather than the next DELETE of an order.
INSERT INTO "public"."orders_deleted" ("order_id", version)
SELECT o."id", o."version"::bigint + 1 FROM "public"."orders" AS o LIMIT 0;

-- Neither may the table have other columns that must be filled, nor contain deletes of another table.
DO $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = '"public"."orders_deleted"'::regclass AND attnum > 0 AND attnotnull AND NOT atthasdef
      AND NOT attisdropped AND attname NOT IN ('order_id', 'version', 'change_xid')
  ) THEN
    RAISE EXCEPTION '% has a column that the triggers would not fill; set another deletes.table', '"public"."orders_deleted"';
  END IF;
  IF EXISTS (
    SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE t.tgrelid <> '"public"."orders"'::regclass AND t.tgparentid = 0 AND p.proname LIKE 'orderflow\_keep\_%' AND strpos(p.prosrc, 'INSERT INTO "public"."orders_deleted" AS d ') > 0
      AND t.tgrelid NOT IN (SELECT relid FROM pg_partition_tree('"public"."orders"'))
  ) THEN
    RAISE EXCEPTION '% has the deletes of another table; set another deletes.table', '"public"."orders_deleted"';
  END IF;
END
$$;

-- SECURITY DEFINER, since a role that may delete orders may lack the privilege to write to this table.
-- An order that exists again is not deleted. A change of an order's ID deletes the order with the old ID.
CREATE OR REPLACE FUNCTION "public"."orderflow_keep_deleted_orders_7024fccd"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off AS $$
DECLARE
  orderflow_inserted bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(o."id") INTO orderflow_inserted FROM new_rows AS o;
    IF orderflow_inserted IS NOT NULL THEN
      DELETE FROM "public"."orders_deleted" AS d WHERE d."order_id" = ANY (orderflow_inserted);
    END IF;
  ELSE
    INSERT INTO "public"."orders_deleted" AS d ("order_id", version)
    SELECT o."id", o."version"::bigint + 1 FROM old_rows AS o WHERE NOT EXISTS (SELECT FROM "public"."orders" AS existing WHERE existing."id" = o."id" OFFSET 0)
    ON CONFLICT ("order_id") DO UPDATE SET change_xid = EXCLUDED.change_xid, version = EXCLUDED.version;
  END IF;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "public"."orderflow_keep_deleted_orders_7024fccd"() FROM PUBLIC;

CREATE OR REPLACE FUNCTION "public"."orderflow_keep_deleted_row_orders_7024fccd"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO "public"."orders_deleted" AS d ("order_id", version)
    SELECT o."id", o."version"::bigint + 1 FROM (SELECT OLD.*) AS o WHERE NOT EXISTS (SELECT FROM "public"."orders" AS existing WHERE existing."id" = o."id" OFFSET 0)
    ON CONFLICT ("order_id") DO UPDATE SET change_xid = EXCLUDED.change_xid, version = EXCLUDED.version;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    DELETE FROM "public"."orders_deleted" AS d WHERE d."order_id" = NEW."id";
  END IF;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "public"."orderflow_keep_deleted_row_orders_7024fccd"() FROM PUBLIC;

CREATE OR REPLACE FUNCTION "public"."orderflow_keep_truncated_orders_7024fccd"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE 'INSERT INTO "public"."orders_deleted" AS d ("order_id", version) SELECT o."id", o."version"::bigint + 1 FROM ' || TG_RELID::regclass || ' AS o' || ' ON CONFLICT ("order_id") DO UPDATE SET change_xid = EXCLUDED.change_xid, version = EXCLUDED.version';
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "public"."orderflow_keep_truncated_orders_7024fccd"() FROM PUBLIC;

CREATE OR REPLACE TRIGGER "orderflow_deletes_insert_7024fccd" AFTER INSERT ON "public"."orders"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_keep_deleted_orders_7024fccd"();

ALTER TABLE "public"."orders" ENABLE ALWAYS TRIGGER "orderflow_deletes_insert_7024fccd";

CREATE OR REPLACE TRIGGER "orderflow_deletes_delete_7024fccd" AFTER DELETE ON "public"."orders"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_keep_deleted_orders_7024fccd"();

ALTER TABLE "public"."orders" ENABLE ALWAYS TRIGGER "orderflow_deletes_delete_7024fccd";

CREATE OR REPLACE TRIGGER "orderflow_deletes_update_7024fccd" AFTER UPDATE ON "public"."orders"
FOR EACH ROW WHEN (OLD."id" IS DISTINCT FROM NEW."id") EXECUTE FUNCTION "public"."orderflow_keep_deleted_row_orders_7024fccd"();

ALTER TABLE "public"."orders" ENABLE ALWAYS TRIGGER "orderflow_deletes_update_7024fccd";

CREATE OR REPLACE TRIGGER "orderflow_deletes_truncate_7024fccd" BEFORE TRUNCATE ON "public"."orders"
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_keep_truncated_orders_7024fccd"();

ALTER TABLE "public"."orders" ENABLE ALWAYS TRIGGER "orderflow_deletes_truncate_7024fccd";

DO $$
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND tgfoid IN (
        to_regprocedure('"public"."orderflow_keep_deleted_orders_7024fccd"()'),
        to_regprocedure('"public"."orderflow_keep_deleted_row_orders_7024fccd"()'),
        to_regprocedure('"public"."orderflow_keep_truncated_orders_7024fccd"()'))
      AND NOT (tgname IN ('orderflow_deletes_insert_7024fccd', 'orderflow_deletes_delete_7024fccd', 'orderflow_deletes_update_7024fccd', 'orderflow_deletes_truncate_7024fccd') AND (tgrelid = '"public"."orders"'::regclass OR tgrelid IN (SELECT relid FROM pg_partition_tree('"public"."orders"'))))
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
$$;


-- Deleted orders are read along this index, as orders are along theirs (capture.shards=32).
CREATE INDEX IF NOT EXISTS "orderflow_capture_32_orders_deleted_72fc9be7" ON "public"."orders_deleted"
  (((hashint8("order_id"::bigint) & 2147483647) % 32), change_xid, "order_id");

-- Captures that share tables know of each other by such functions. This one removes the capture, and leaves what others need.
-- Stop the connector first, and reset its offsets: without triggers, changes are not recorded.
CREATE OR REPLACE FUNCTION "public"."orderflow_uninstall_orders_9ced3b8b"() RETURNS void
LANGUAGE plpgsql SET lock_timeout = '5s' AS $uninstall$
BEGIN
DO $$
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND tgfoid IN (
        to_regprocedure('"public"."orderflow_keep_deleted_orders_7024fccd"()'),
        to_regprocedure('"public"."orderflow_keep_deleted_row_orders_7024fccd"()'),
        to_regprocedure('"public"."orderflow_keep_truncated_orders_7024fccd"()'))
      AND NOT EXISTS (SELECT FROM pg_proc WHERE proname LIKE 'orderflow\_uninstall\_%' AND proname <> 'orderflow_uninstall_orders_9ced3b8b' AND strpos(prosrc, '''"public"."orderflow_keep_truncated_orders_7024fccd"()''') > 0)
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
$$;
DO $$
DECLARE
  uncalled regprocedure;
BEGIN
  FOR uncalled IN
    SELECT oid FROM pg_proc
    WHERE oid IN (
        to_regprocedure('"public"."orderflow_keep_deleted_orders_7024fccd"()'),
        to_regprocedure('"public"."orderflow_keep_deleted_row_orders_7024fccd"()'),
        to_regprocedure('"public"."orderflow_keep_truncated_orders_7024fccd"()'))
      AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = pg_proc.oid)
  LOOP
    EXECUTE format('DROP FUNCTION %s', uncalled);
  END LOOP;
END
$$;
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE p.proname LIKE 'orderflow\_keep\_%' AND strpos(p.prosrc, 'INSERT INTO "public"."orders_deleted" AS d ') > 0) THEN
    DROP TABLE IF EXISTS "public"."orders_deleted";
  END IF;
END
$$;
DROP FUNCTION IF EXISTS "public"."orderflow_uninstall_orders_9ced3b8b"();
END
$uninstall$;

COMMIT;
