-- Takes away what was installed for the Orderflow orders source. Stop the connector first, and reset its offsets: changes
-- that come while this is uninstalled leave no trace that an old offset could find.
-- Statements are separated by empty lines.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_stamp ON "public"."order_inventory";
DROP FUNCTION IF EXISTS "public"."orderflow_order_inventory_stamp_order"();

-- The index on it goes with the column.
ALTER TABLE "public"."order_inventory" DROP COLUMN IF EXISTS "change_xid";

COMMIT;
