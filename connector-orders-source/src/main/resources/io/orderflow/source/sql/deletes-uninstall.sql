-- Removes what shop-deletes-install.sql has created. Remove deletes.table from the connector's configuration first.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

${drop_deletes_triggers}
-- Another capture of the orders table may fill it as well.
DO ${dollars}
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE ${fills_deletes}) THEN
    DROP TABLE IF EXISTS ${deletes};
  END IF;
END
${dollars};

${unregister_deletes}
COMMIT;
