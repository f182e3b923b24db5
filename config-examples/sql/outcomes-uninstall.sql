-- Removes what the installation for capture=query of the Orderflow orders source has created. Stop the connector first,
-- and reset its offsets: without the triggers, changes are not recorded, and a capture that resumes would miss them.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_stamp ON "public"."order_inventory";
DROP FUNCTION IF EXISTS "public"."orderflow_order_inventory_stamp_order"();

-- This also drops the index on the column.
ALTER TABLE "public"."order_inventory" DROP COLUMN IF EXISTS "change_xid";

COMMIT;
