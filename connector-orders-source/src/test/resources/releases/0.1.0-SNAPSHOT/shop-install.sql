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
    SELECT FROM pg_attribute WHERE attrelid = '"public"."orders"'::regclass AND attname = 'change_xid' AND NOT attisdropped
  ) THEN
    EXECUTE format('ALTER TABLE %s ADD COLUMN %I xid8 NOT NULL DEFAULT %L',
                   coalesce(pg_partition_root('"public"."orders"'), '"public"."orders"'), 'change_xid', '2');
  END IF;
END
$$;

ALTER TABLE "public"."orders" ALTER COLUMN "change_xid" SET DEFAULT pg_current_xact_id();

CREATE OR REPLACE FUNCTION "public"."orderflow_stamp_orders_ad5c796a"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW."change_xid" := pg_catalog.pg_current_xact_id();
  RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER "orderflow_stamp_891db954" BEFORE INSERT OR UPDATE ON "public"."orders"
FOR EACH ROW EXECUTE FUNCTION "public"."orderflow_stamp_orders_ad5c796a"();

ALTER TABLE "public"."orders" ENABLE ALWAYS TRIGGER "orderflow_stamp_891db954";

DO $$
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND tgfoid IN (
        to_regprocedure('"public"."orderflow_stamp_orders_ad5c796a"()')) AND tgname IN ('orderflow_stamp_891db954')
      AND NOT (tgname IN ('orderflow_stamp_891db954') AND (tgrelid = '"public"."orders"'::regclass OR tgrelid IN (SELECT relid FROM pg_partition_tree('"public"."orders"'))))
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
$$;


CREATE OR REPLACE FUNCTION "public"."orderflow_stamp_items_order_items_891db954"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off AS $$
DECLARE
  orderflow_touched bigint[];
  orderflow_unstamped bigint[];
  orderflow_existing bigint;
  orderflow_done text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(i."order_id") INTO orderflow_touched FROM (SELECT DISTINCT i."order_id" FROM new_rows AS i) AS i;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(i."order_id") INTO orderflow_touched FROM (SELECT DISTINCT i."order_id" FROM old_rows AS i) AS i;
  ELSE
    SELECT array_agg(i."order_id") INTO orderflow_touched
    FROM (SELECT i."order_id" FROM old_rows AS i UNION SELECT i."order_id" FROM new_rows AS i) AS i;
  END IF;
  IF orderflow_touched IS NULL THEN
    RETURN NULL;
  END IF;
  -- Items of one order often change one by one: its order is looked up once. If a savepoint is rolled back,
  -- so is this setting.
  IF cardinality(orderflow_touched) <= 2 THEN
    orderflow_done := pg_current_xact_id() || ' ' || orderflow_touched::text;
    IF orderflow_done = current_setting('orderflow.stamped_891db954', true) THEN
      RETURN NULL;
    END IF;
  END IF;
  -- Orders are locked in the order of their IDs, so that two statements cannot deadlock.
  SELECT array_agg(o."id") FILTER (WHERE o."change_xid" <> pg_current_xact_id()), count(*) INTO orderflow_unstamped, orderflow_existing
  FROM (
    SELECT o."id", o."change_xid" FROM "public"."orders" AS o WHERE o."id" = ANY (orderflow_touched) ORDER BY o."id" FOR NO KEY UPDATE
  ) AS o;
  IF orderflow_unstamped IS NOT NULL THEN
    UPDATE "public"."orders" AS o SET "change_xid" = pg_current_xact_id() WHERE o."id" = ANY (orderflow_unstamped);
  END IF;
  -- Another transaction may be about to insert an order that does not exist.
  IF orderflow_done IS NOT NULL AND orderflow_existing = cardinality(orderflow_touched) THEN
    PERFORM set_config('orderflow.stamped_891db954', orderflow_done, true);
  END IF;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "public"."orderflow_stamp_items_order_items_891db954"() FROM PUBLIC;

CREATE OR REPLACE FUNCTION "public"."orderflow_stamp_truncated_order_items_891db954"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE 'UPDATE "public"."orders" SET "change_xid" = pg_current_xact_id() WHERE "change_xid" <> pg_current_xact_id() AND "id" IN (SELECT "order_id" FROM ' || TG_RELID::regclass || ')';
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "public"."orderflow_stamp_truncated_order_items_891db954"() FROM PUBLIC;

CREATE OR REPLACE TRIGGER "orderflow_items_insert_891db954" AFTER INSERT ON "public"."order_items"
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_stamp_items_order_items_891db954"();

ALTER TABLE "public"."order_items" ENABLE ALWAYS TRIGGER "orderflow_items_insert_891db954";

CREATE OR REPLACE TRIGGER "orderflow_items_update_891db954" AFTER UPDATE ON "public"."order_items"
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_stamp_items_order_items_891db954"();

ALTER TABLE "public"."order_items" ENABLE ALWAYS TRIGGER "orderflow_items_update_891db954";

CREATE OR REPLACE TRIGGER "orderflow_items_delete_891db954" AFTER DELETE ON "public"."order_items"
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_stamp_items_order_items_891db954"();

ALTER TABLE "public"."order_items" ENABLE ALWAYS TRIGGER "orderflow_items_delete_891db954";

CREATE OR REPLACE TRIGGER "orderflow_items_truncate_891db954" BEFORE TRUNCATE ON "public"."order_items"
FOR EACH STATEMENT EXECUTE FUNCTION "public"."orderflow_stamp_truncated_order_items_891db954"();

ALTER TABLE "public"."order_items" ENABLE ALWAYS TRIGGER "orderflow_items_truncate_891db954";

DO $$
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND tgfoid IN (
        to_regprocedure('"public"."orderflow_stamp_items_order_items_891db954"()'),
        to_regprocedure('"public"."orderflow_stamp_truncated_order_items_891db954"()'),
        to_regprocedure('"public"."orderflow_stamp_item_order_items_891db954"()'))
      AND NOT (tgname IN ('orderflow_items_insert_891db954', 'orderflow_items_update_891db954', 'orderflow_items_delete_891db954', 'orderflow_items_truncate_891db954') AND (tgrelid = '"public"."order_items"'::regclass OR tgrelid IN (SELECT relid FROM pg_partition_tree('"public"."order_items"'))))
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
$$;

DROP FUNCTION IF EXISTS "public"."orderflow_stamp_item_order_items_891db954"();


-- Captures that share tables know of each other by such functions. This one removes the capture, and leaves what others need.
-- Stop the connector first, and reset its offsets: without triggers, changes are not recorded.
CREATE OR REPLACE FUNCTION "public"."orderflow_uninstall_orders_84cae362"() RETURNS void
LANGUAGE plpgsql SET lock_timeout = '5s' AS $uninstall$
BEGIN
DO $$
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND tgfoid IN (
        to_regprocedure('"public"."orderflow_stamp_items_order_items_891db954"()'),
        to_regprocedure('"public"."orderflow_stamp_truncated_order_items_891db954"()'),
        to_regprocedure('"public"."orderflow_stamp_item_order_items_891db954"()'))
      AND NOT EXISTS (SELECT FROM pg_proc WHERE proname LIKE 'orderflow\_uninstall\_%' AND proname <> 'orderflow_uninstall_orders_84cae362' AND strpos(prosrc, '''"public"."orderflow_stamp_truncated_order_items_891db954"()''') > 0)
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
        to_regprocedure('"public"."orderflow_stamp_items_order_items_891db954"()'),
        to_regprocedure('"public"."orderflow_stamp_truncated_order_items_891db954"()'),
        to_regprocedure('"public"."orderflow_stamp_item_order_items_891db954"()'))
      AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = pg_proc.oid)
  LOOP
    EXECUTE format('DROP FUNCTION %s', uncalled);
  END LOOP;
END
$$;
DO $$
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND tgfoid IN (
        to_regprocedure('"public"."orderflow_stamp_orders_ad5c796a"()')) AND tgname IN ('orderflow_stamp_891db954')
      AND NOT EXISTS (SELECT FROM pg_proc WHERE proname LIKE 'orderflow\_uninstall\_%' AND proname <> 'orderflow_uninstall_orders_84cae362' AND strpos(prosrc, '''orderflow_stamp_891db954''') > 0)
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
$$;
DO $$
DECLARE
  top CONSTANT regclass := coalesce(pg_partition_root(to_regclass('"public"."orders"')), to_regclass('"public"."orders"'));
  watching regprocedure;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regprocedure('"public"."orderflow_stamp_orders_ad5c796a"()')) THEN
    DROP FUNCTION IF EXISTS "public"."orderflow_stamp_orders_ad5c796a"();
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
          AND strpos(replace(prosrc, repeat(chr(39), 2), chr(39)), replace('UPDATE "public"."orders" ', repeat(chr(39), 2), chr(39))) > 0
          AND strpos(replace(prosrc, repeat(chr(39), 2), chr(39)), replace('"change_xid" = pg_current_xact_id()', repeat(chr(39), 2), chr(39))) > 0
      LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', watching);
      END LOOP;
      EXECUTE format('ALTER TABLE %s DROP COLUMN %I', top, 'change_xid');
    END IF;
  END IF;
END
$$;
DROP FUNCTION IF EXISTS "public"."orderflow_uninstall_orders_84cae362"();
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('"public"."order_items"') AND tgname LIKE 'orderflow\_%')
    AND NOT EXISTS (SELECT FROM pg_publication_tables
                    WHERE to_regclass(format('%I.%I', schemaname, tablename)) IN (
                      SELECT to_regclass('"public"."order_items"') UNION SELECT relid FROM pg_partition_tree(to_regclass('"public"."order_items"'))))
  THEN
    DROP INDEX IF EXISTS "public"."orderflow_order_id_order_items_af2b8bce";
  END IF;
END
$$;
END
$uninstall$;

COMMIT;

-- Orders are read along this index: by shard (capture.shards=32), then in the order of their changes.
-- If its creation is interrupted, an invalid index remains: drop it and run this again.
CREATE INDEX CONCURRENTLY IF NOT EXISTS "orderflow_capture_32_orders_c1a62f2d" ON "public"."orders"
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
    CREATE INDEX "orderflow_order_id_order_items_af2b8bce" ON "public"."order_items" ("order_id");
  END IF;
END
$$;

ANALYZE "public"."orders";
