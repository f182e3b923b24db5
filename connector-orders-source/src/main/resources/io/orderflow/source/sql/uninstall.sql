-- Removes what the installation for capture=query of the Orderflow orders source has created. Stop the connector first,
-- and reset its offsets: without the triggers, changes are not recorded, and a capture that resumes would miss them.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

${drop_items_triggers}
${drop_orders_triggers}
-- Each capture of the orders table has a trigger of its own that calls this function. The last one to be removed also
-- drops the function, and the column with all indexes on it.
DO ${dollars}
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regprocedure(${stamp_order_literal})) THEN
    DROP FUNCTION IF EXISTS ${stamp_order};
    ALTER TABLE ${orders} DROP COLUMN IF EXISTS ${xid};
  END IF;
END
${dollars};

COMMIT;
