-- Takes away what was installed for the Orderflow orders source. Stop the connector first, and reset its offsets: changes
-- that come while this is uninstalled leave no trace that an old offset could find.
-- Statements are separated by empty lines.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_stamp ON ${orders};
${of_items}
DROP FUNCTION IF EXISTS ${stamp_order}();

-- The index on it goes with the column.
ALTER TABLE ${orders} DROP COLUMN IF EXISTS ${xid};

COMMIT;
