-- Takes away what shop-deletes-install.sql has made. Take deletes.table out of the connector's configuration first.
-- Statements are separated by empty lines.

BEGIN;

SET LOCAL lock_timeout = '5s';

DROP TRIGGER IF EXISTS orderflow_deletes_delete ON ${orders};

DROP TRIGGER IF EXISTS orderflow_deletes_truncate ON ${orders};

DROP TRIGGER IF EXISTS orderflow_deletes_insert ON ${orders};

DROP TRIGGER IF EXISTS orderflow_deletes_update ON ${orders};

DROP FUNCTION IF EXISTS ${keep_deleted}();

DROP TABLE IF EXISTS ${deletes};

COMMIT;
