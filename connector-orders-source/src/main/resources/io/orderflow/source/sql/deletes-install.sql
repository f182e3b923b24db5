-- Lets the Orderflow orders source with capture=query emit deletes of orders, as tombstones.
-- Run shop-install.sql first, and set deletes.table to the table that this script creates. It can be run again.
-- Empty lines separate the statements; psql -f runs the file.

BEGIN;

SET LOCAL lock_timeout = '5s';

${drop_deletes}-- One row for each deleted order. Rows that all connectors have emitted may be deleted at any time.
CREATE TABLE IF NOT EXISTS ${deletes} (
  ${deleted_definitions},${version_column}
  change_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (${deleted_id})
);

-- The same insert as in the triggers, of no rows: if a column is missing, this fails, rather than the next DELETE of an order.
INSERT INTO ${deletes} (${deleted_id}${version_name})
SELECT ${o_id}${version_next} FROM ${orders} AS o LIMIT 0;

-- Neither may the table have other columns that must be filled, nor contain deletes of another table.
DO ${dollars}
BEGIN
  IF EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = ${deletes_literal}::regclass AND attnum > 0 AND attnotnull AND NOT atthasdef
      AND NOT attisdropped AND attname NOT IN (${filled_columns}, 'change_xid')
  ) THEN
    RAISE EXCEPTION '% has a column that the triggers would not fill; set another deletes.table', ${deletes_literal};
  END IF;
  IF EXISTS (
    SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE t.tgrelid <> ${orders_literal}::regclass AND t.tgparentid = 0 AND ${fills_deletes}
      AND t.tgrelid NOT IN (SELECT relid FROM pg_partition_tree(${orders_literal}))
  ) THEN
    RAISE EXCEPTION '% has the deletes of another table; set another deletes.table', ${deletes_literal};
  END IF;
END
${dollars};

-- SECURITY DEFINER, since a role that may delete orders may lack the privilege to write to this table.
-- An order that exists again is not deleted. A change of an order's ID deletes the order with the old ID.
${create_deletes_triggers}
-- Deleted orders are read along this index, as orders are along theirs (capture.shards=${shards}).
CREATE INDEX IF NOT EXISTS ${deletes_index} ON ${deletes}
  (${deletes_shard}, change_xid, ${deletes_id_ordered});

${register_deletes}
COMMIT;
