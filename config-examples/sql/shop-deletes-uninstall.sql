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
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
$$;

DROP FUNCTION IF EXISTS "public"."orderflow_keep_deleted_orders_7024fccd"();

DROP FUNCTION IF EXISTS "public"."orderflow_keep_deleted_row_orders_7024fccd"();

DROP FUNCTION IF EXISTS "public"."orderflow_keep_truncated_orders_7024fccd"();


-- Another capture of the orders table may fill it as well.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE p.proname LIKE 'orderflow\_keep\_%' AND strpos(p.prosrc, 'INSERT INTO "public"."orders_deleted" AS d ') > 0) THEN
    DROP TABLE IF EXISTS "public"."orders_deleted";
  END IF;
END
$$;

COMMIT;
