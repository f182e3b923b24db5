-- Another capture of the items table may need the index as well: one with triggers, or one that reads the log.
DO ${dollars}
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(${items_literal}) AND tgname LIKE 'orderflow\_%')
    AND NOT EXISTS (SELECT FROM pg_publication_tables
                    WHERE to_regclass(format('%I.%I', schemaname, tablename)) IN (
                      SELECT to_regclass(${items_literal}) UNION SELECT relid FROM pg_partition_tree(to_regclass(${items_literal}))))
  THEN
    DROP INDEX IF EXISTS ${items_index_qualified};
  END IF;
END
${dollars};
