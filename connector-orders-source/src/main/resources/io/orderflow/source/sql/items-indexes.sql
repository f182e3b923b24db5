-- Items are read by the ID of their order. If no index begins with it, this creates one, which blocks
-- writes to the table until it is done; run CREATE INDEX CONCURRENTLY beforehand to avoid that.
DO ${dollars}
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = ${items_literal}::regclass AND i.indisvalid AND i.indpred IS NULL
      AND a.attname = ${first_order_id_literal}
  ) THEN
    CREATE INDEX ${items_index} ON ${items} (${order_id});
  END IF;
END
${dollars};
