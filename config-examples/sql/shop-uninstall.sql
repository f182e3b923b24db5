-- Removes what the installation for capture=query of the Orderflow orders source has created, except for what other
-- captures of these tables need. The function orderflow_uninstall_... of each installation does the same for it.
-- Stop the connector first, and reset its offsets: without the triggers, changes are not recorded, and a capture that
-- resumes would miss them.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

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


-- Each capture of the orders table has a trigger of its own that calls this function. The last one to be removed also
-- drops the function, and the column with all indexes on it. The column of a partition is that of the table above it.
-- So that no trigger writes to a column that is gone, those of tables that are no longer watched are dropped first.
-- If there is no such table, as after a change of its name, its column stays.
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

COMMIT;

-- Another capture of the items table may need the index as well: one with triggers, or one that reads the log.
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
