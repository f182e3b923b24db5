-- Another capture of the items table may need the index as well.
DO ${dollars}
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(${items_literal}) AND tgname LIKE 'orderflow\_%') THEN
    DROP INDEX IF EXISTS ${items_index_qualified};
  END IF;
END
${dollars};
