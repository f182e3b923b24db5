-- Removes what shop-deletes-install.sql has created. Remove deletes.table from the connector's configuration first.
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


-- Another capture of the orders table may fill it as well.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE p.proname LIKE 'orderflow\_keep\_%' AND strpos(p.prosrc, 'INSERT INTO "public"."orders_deleted" AS d ') > 0) THEN
    DROP TABLE IF EXISTS "public"."orders_deleted";
  END IF;
END
$$;

DROP FUNCTION IF EXISTS "public"."orderflow_uninstall_orders_9ced3b8b"();

COMMIT;
