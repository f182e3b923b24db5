-- Takes away what was installed for the Orderflow orders source. Stop the connector first, and reset its offsets: changes
-- that come while this is uninstalled leave no trace that an old offset could find.
-- Statements are separated by empty lines.

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

-- The index on it goes with the column.
ALTER TABLE "public"."orders" DROP COLUMN IF EXISTS "change_xid";

COMMIT;
