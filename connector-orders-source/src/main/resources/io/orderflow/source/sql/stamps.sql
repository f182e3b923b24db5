-- Prepares a database for the Orderflow orders source with capture=query.
-- Each order row records the ID of the transaction that last changed the order or its items.
-- The script rewrites no table and can be run again. Empty lines separate its statements:
-- psql -f runs the file; other clients must run the statements one by one with autocommit on.
-- Triggers fire ALWAYS, for migrations that set session_replication_role, too. Several captures can share tables.

BEGIN;

-- While a long transaction holds a table, ALTER TABLE would block all others. Rather fail after 5 s and retry later.
SET LOCAL lock_timeout = '5s';

-- Existing orders count as changed by transaction 2, which is older than all others. A partition has the columns of the
-- table above it.
DO ${dollars}
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = ${orders_literal}::regclass AND attname = ${xid_literal} AND NOT attisdropped
  ) THEN
    EXECUTE format('ALTER TABLE %s ADD COLUMN %I xid8 NOT NULL DEFAULT %L',
                   coalesce(pg_partition_root(${orders_literal}), ${orders_literal}), ${xid_literal}, '2');
  END IF;
END
${dollars};

ALTER TABLE ${orders} ALTER COLUMN ${xid} SET DEFAULT pg_current_xact_id();

${create_orders_triggers}
${create_items_triggers}
${create_watch_triggers}${register}
COMMIT;
