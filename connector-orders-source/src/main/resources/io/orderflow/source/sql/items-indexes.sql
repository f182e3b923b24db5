-- Items are read by their order. Where no index begins with its ID, this makes one, and nobody can
-- write items meanwhile; CREATE INDEX CONCURRENTLY beforehand lets them.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = ${items_literal}::regclass AND i.indisvalid AND i.indpred IS NULL
      AND a.attname = ${order_id_literal}
  ) THEN
    CREATE INDEX ${items_index} ON ${items} (${order_id});
  END IF;
END
$$;
