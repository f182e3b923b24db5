-- Removes what the installation for capture=query of the Orderflow orders source has created. Stop the connector first,
-- and reset its offsets: without the triggers, changes are not recorded, and a capture that resumes would miss them.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';


DROP TRIGGER IF EXISTS "orderflow_stamp_aeeee4cd" ON "public"."order_inventory";

-- Each capture of the orders table has a trigger of its own that calls this function. The last one to be removed also
-- drops the function, and the column with all indexes on it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regprocedure('"public"."orderflow_stamp_order_inventory_aeeee4cd"()')) THEN
    DROP FUNCTION IF EXISTS "public"."orderflow_stamp_order_inventory_aeeee4cd"();
    ALTER TABLE "public"."order_inventory" DROP COLUMN IF EXISTS "change_xid";
  END IF;
END
$$;

COMMIT;
