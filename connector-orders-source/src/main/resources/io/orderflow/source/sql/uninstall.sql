-- Removes what the installation for capture=query of the Orderflow orders source has created, except for what other
-- captures of these tables need. The function orderflow_uninstall_... of each installation does the same for it.
-- Stop the connector first, and reset its offsets: without the triggers, changes are not recorded, and a capture that
-- resumes would miss them.
-- Empty lines separate the statements.

BEGIN;

SET LOCAL lock_timeout = '5s';

${drop_watch_triggers}${drop_items_triggers}
${drop_orders_triggers}
-- Each capture of the orders table has a trigger of its own that calls this function. The last one to be removed also
-- drops the function, and the column with all indexes on it. The column of a partition is that of the table above it.
-- So that no trigger writes to a column that is gone, those of tables that are no longer watched are dropped first.
-- If there is no such table, as after a change of its name, its column stays.
DO ${dollars}
DECLARE
  top CONSTANT regclass := coalesce(pg_partition_root(to_regclass(${orders_literal})), to_regclass(${orders_literal}));
  watching regprocedure;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regprocedure(${stamp_order_literal})) THEN
    DROP FUNCTION IF EXISTS ${stamp_order};
    IF EXISTS (
      SELECT FROM pg_attribute WHERE attrelid = top AND attname = ${xid_literal} AND NOT attisdropped AND attinhcount = 0
    ) AND NOT EXISTS (
      SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
      WHERE t.tgrelid IN (SELECT relid FROM pg_partition_tree(top))
        AND p.proname LIKE 'orderflow\_stamp\_%' AND strpos(p.prosrc, ${stamps_xid_literal}) > 0
    ) THEN
      FOR watching IN
        SELECT oid FROM pg_proc
        WHERE proname LIKE 'orderflow\_watch\_%'
          AND strpos(replace(prosrc, repeat(chr(39), 2), chr(39)), replace(${updates_orders_literal}, repeat(chr(39), 2), chr(39))) > 0
          AND strpos(replace(prosrc, repeat(chr(39), 2), chr(39)), replace(${sets_xid_literal}, repeat(chr(39), 2), chr(39))) > 0
      LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', watching);
      END LOOP;
      EXECUTE format('ALTER TABLE %s DROP COLUMN %I', top, ${xid_literal});
    END IF;
  END IF;
END
${dollars};

${unregister}
COMMIT;
