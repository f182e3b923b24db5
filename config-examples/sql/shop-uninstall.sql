-- Removes what the installation for capture=query of the Orderflow orders source has created. Stop the connector first,
-- and reset its offsets: without the triggers, changes are not recorded, and a capture that resumes would miss them.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_stamp ON "public"."orders";

DROP TRIGGER IF EXISTS orderflow_stamp_insert ON "public"."order_items";

DROP TRIGGER IF EXISTS orderflow_stamp_update ON "public"."order_items";

DROP TRIGGER IF EXISTS orderflow_stamp_delete ON "public"."order_items";

DROP TRIGGER IF EXISTS orderflow_stamp_truncate ON "public"."order_items";

DROP FUNCTION IF EXISTS "public"."orderflow_orders_stamp_items"();

DROP INDEX IF EXISTS "public"."orderflow_order_items_order_id";
DROP FUNCTION IF EXISTS "public"."orderflow_orders_stamp_order"();

-- This also drops the index on the column.
ALTER TABLE "public"."orders" DROP COLUMN IF EXISTS "change_xid";

COMMIT;
