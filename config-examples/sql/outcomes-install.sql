-- Prepares a database for the Orderflow orders source with capture=query.
-- Each order row records the ID of the transaction that last changed the order or its items.
-- The script rewrites no table and can be run again. Empty lines separate its statements:
-- psql -f runs the file; other clients must run the statements one by one with autocommit on.
-- Triggers fire ALWAYS, for migrations that set session_replication_role, too. Several captures can share tables.

BEGIN;

-- While a long transaction holds a table, ALTER TABLE would block all others. Rather fail after 5 s and retry later.
SET LOCAL lock_timeout = '5s';

-- Existing orders count as changed by transaction 2, which is older than all others. A partition has the columns of the
-- table above it.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = '"public"."order_inventory"'::regclass AND attname = 'change_xid' AND NOT attisdropped
  ) THEN
    EXECUTE format('ALTER TABLE %s ADD COLUMN %I xid8 NOT NULL DEFAULT %L',
                   coalesce(pg_partition_root('"public"."order_inventory"'), '"public"."order_inventory"'), 'change_xid', '2');
  END IF;
END
$$;

ALTER TABLE "public"."order_inventory" ALTER COLUMN "change_xid" SET DEFAULT pg_current_xact_id();

CREATE OR REPLACE FUNCTION "public"."orderflow_stamp_order_inventory_aeeee4cd"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW."change_xid" := pg_catalog.pg_current_xact_id();
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER "orderflow_stamp_aeeee4cd" BEFORE INSERT OR UPDATE ON "public"."order_inventory"
FOR EACH ROW EXECUTE FUNCTION "public"."orderflow_stamp_order_inventory_aeeee4cd"();

ALTER TABLE "public"."order_inventory" ENABLE ALWAYS TRIGGER "orderflow_stamp_aeeee4cd";

DO $$
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND tgfoid IN (
        to_regprocedure('"public"."orderflow_stamp_order_inventory_aeeee4cd"()')) AND tgname IN ('orderflow_stamp_aeeee4cd')
      AND NOT (tgname IN ('orderflow_stamp_aeeee4cd') AND (tgrelid = '"public"."order_inventory"'::regclass OR tgrelid IN (SELECT relid FROM pg_partition_tree('"public"."order_inventory"'))))
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
$$;



-- Captures that share tables know of each other by such functions. This one removes the capture, and leaves what others need.
-- Stop the connector first, and reset its offsets: without triggers, changes are not recorded.
CREATE OR REPLACE FUNCTION "public"."orderflow_uninstall_order_inventory_47ac4283"() RETURNS void
LANGUAGE plpgsql SET lock_timeout = '5s' AS $uninstall$
BEGIN
DO $$
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND tgfoid IN (
        to_regprocedure('"public"."orderflow_stamp_order_inventory_aeeee4cd"()')) AND tgname IN ('orderflow_stamp_aeeee4cd')
      AND NOT EXISTS (SELECT FROM pg_proc WHERE proname LIKE 'orderflow\_uninstall\_%' AND proname <> 'orderflow_uninstall_order_inventory_47ac4283' AND strpos(prosrc, '''orderflow_stamp_aeeee4cd''') > 0)
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
$$;
DO $$
DECLARE
  top CONSTANT regclass := coalesce(pg_partition_root(to_regclass('"public"."order_inventory"')), to_regclass('"public"."order_inventory"'));
  watching regprocedure;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regprocedure('"public"."orderflow_stamp_order_inventory_aeeee4cd"()')) THEN
    DROP FUNCTION IF EXISTS "public"."orderflow_stamp_order_inventory_aeeee4cd"();
    IF EXISTS (
      SELECT FROM pg_attribute WHERE attrelid = top AND attname = 'change_xid' AND NOT attisdropped AND attinhcount = 0
    ) AND NOT EXISTS (
      SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
      WHERE t.tgrelid IN (SELECT relid FROM pg_partition_tree(top))
        AND p.proname LIKE 'orderflow\_stamp\_%' AND strpos(p.prosrc, 'NEW."change_xid" := ') > 0
    ) THEN
      FOR watching IN
        SELECT oid FROM pg_proc
        WHERE proname LIKE 'orderflow\_watch\_%'
          AND strpos(replace(prosrc, repeat(chr(39), 2), chr(39)), replace('UPDATE "public"."order_inventory" ', repeat(chr(39), 2), chr(39))) > 0
          AND strpos(replace(prosrc, repeat(chr(39), 2), chr(39)), replace('"change_xid" = pg_current_xact_id()', repeat(chr(39), 2), chr(39))) > 0
      LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', watching);
      END LOOP;
      EXECUTE format('ALTER TABLE %s DROP COLUMN %I', top, 'change_xid');
    END IF;
  END IF;
END
$$;
DROP FUNCTION IF EXISTS "public"."orderflow_uninstall_order_inventory_47ac4283"();
END
$uninstall$;

COMMIT;

-- Orders are read along this index: by shard (capture.shards=32), then in the order of their changes.
-- If its creation is interrupted, an invalid index remains: drop it and run this again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orderflow_capture_32_order_inventory_b44d16ec" ON "public"."order_inventory"
  (((hashint8("order_id"::bigint) & 2147483647) % 32), "change_xid", "order_id");

ANALYZE "public"."order_inventory";
