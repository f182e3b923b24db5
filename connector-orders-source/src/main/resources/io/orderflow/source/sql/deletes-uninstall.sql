-- Removes what shop-deletes-install.sql has created. Remove deletes.table from the connector's configuration first.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_deletes_delete ON ${orders};

DROP TRIGGER IF EXISTS orderflow_deletes_truncate ON ${orders};

DROP TRIGGER IF EXISTS orderflow_deletes_insert ON ${orders};

DROP TRIGGER IF EXISTS orderflow_deletes_update ON ${orders};

DROP FUNCTION IF EXISTS ${keep_deleted}();

DROP TABLE IF EXISTS ${deletes};

COMMIT;
