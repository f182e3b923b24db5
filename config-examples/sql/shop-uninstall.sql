-- Removes what the installation for capture=query of the Orderflow orders source has created. Stop the connector first,
-- and reset its offsets: without the triggers, changes are not recorded, and a capture that resumes would miss them.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS "orderflow_items_insert_891db954" ON "public"."order_items";

DROP TRIGGER IF EXISTS "orderflow_items_update_891db954" ON "public"."order_items";

DROP TRIGGER IF EXISTS "orderflow_items_delete_891db954" ON "public"."order_items";

DROP TRIGGER IF EXISTS "orderflow_items_truncate_891db954" ON "public"."order_items";

DROP FUNCTION IF EXISTS "public"."orderflow_stamp_items_order_items_891db954"();

DROP FUNCTION IF EXISTS "public"."orderflow_stamp_truncated_order_items_891db954"();


DROP TRIGGER IF EXISTS "orderflow_stamp_891db954" ON "public"."orders";

-- Each capture of the orders table has a trigger of its own that calls this function. The last one to be removed also
-- drops the function, and the column with all indexes on it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regprocedure('"public"."orderflow_stamp_orders_ad5c796a"()')) THEN
    DROP FUNCTION IF EXISTS "public"."orderflow_stamp_orders_ad5c796a"();
    ALTER TABLE "public"."orders" DROP COLUMN IF EXISTS "change_xid";
  END IF;
END
$$;

COMMIT;

-- Another capture of the items table may need the index as well.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('"public"."order_items"') AND tgname LIKE 'orderflow\_%') THEN
    DROP INDEX IF EXISTS "public"."orderflow_order_id_order_items_af2b8bce";
  END IF;
END
$$;
