-- Removes what shop-deletes-install.sql has created. Remove deletes.table from the connector's configuration first.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_deletes_delete ON "public"."orders";

DROP TRIGGER IF EXISTS orderflow_deletes_truncate ON "public"."orders";

DROP TRIGGER IF EXISTS orderflow_deletes_insert ON "public"."orders";

DROP TRIGGER IF EXISTS orderflow_deletes_update ON "public"."orders";

DROP FUNCTION IF EXISTS "public"."orderflow_orders_keep_deleted"();

DROP TABLE IF EXISTS "public"."orders_deleted";

COMMIT;
