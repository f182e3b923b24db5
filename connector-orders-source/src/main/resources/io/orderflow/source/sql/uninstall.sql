-- Removes what the installation for capture=query of the Orderflow orders source has created. Stop the connector first,
-- and reset its offsets: without the triggers, changes are not recorded, and a capture that resumes would miss them.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_stamp ON ${orders};
${items_part}
DROP FUNCTION IF EXISTS ${stamp_order}();

-- This also drops the index on the column.
ALTER TABLE ${orders} DROP COLUMN IF EXISTS ${xid};

COMMIT;
