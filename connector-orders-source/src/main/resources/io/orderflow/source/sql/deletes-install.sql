-- Lets the Orderflow orders source with capture=query emit deletes of orders, as tombstones.
-- Run shop-install.sql first, and set deletes.table to the table that this script creates. It can be run again.
-- Empty lines separate the statements; psql -f runs the file.

BEGIN;

SET LOCAL lock_timeout = '5s';

-- One row for each deleted order. Rows that all connectors have emitted may be deleted at any time.
CREATE TABLE IF NOT EXISTS ${deletes} (
  order_id ${id_column_type} PRIMARY KEY,${version_column}
  change_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);

-- The same insert as in the triggers, of no rows: if a column is missing, this fails, rather than the next DELETE of an order.
INSERT INTO ${deletes} (order_id${version_name})
SELECT o.${id}${version_next} FROM ${orders} AS o LIMIT 0;

-- SECURITY DEFINER, since a role that may delete orders may lack the privilege to write to this table.
CREATE OR REPLACE FUNCTION ${keep_deleted}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    DELETE FROM ${deletes} AS d USING new_orders AS n WHERE d.order_id = n.${id};
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO ${deletes} AS d (order_id${version_name})
    SELECT o.${id}${version_next} FROM old_orders AS o
    ON CONFLICT (order_id) DO UPDATE SET change_xid = EXCLUDED.change_xid${version_set};
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO ${deletes} AS d (order_id${version_name})
    SELECT o.${id}${version_next} FROM ${orders} AS o
    ON CONFLICT (order_id) DO UPDATE SET change_xid = EXCLUDED.change_xid${version_set};
  ELSE
    INSERT INTO ${deletes} AS d (order_id${version_name})
    SELECT o.${id}${version_next} FROM (SELECT OLD.*) AS o
    ON CONFLICT (order_id) DO UPDATE SET change_xid = EXCLUDED.change_xid${version_set};
    DELETE FROM ${deletes} AS d WHERE d.order_id = NEW.${id};
  END IF;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION ${keep_deleted}() FROM PUBLIC;

CREATE OR REPLACE TRIGGER orderflow_deletes_delete AFTER DELETE ON ${orders}
REFERENCING OLD TABLE AS old_orders
FOR EACH STATEMENT EXECUTE FUNCTION ${keep_deleted}();

CREATE OR REPLACE TRIGGER orderflow_deletes_truncate BEFORE TRUNCATE ON ${orders}
FOR EACH STATEMENT EXECUTE FUNCTION ${keep_deleted}();

-- An order that exists again is not deleted.
CREATE OR REPLACE TRIGGER orderflow_deletes_insert AFTER INSERT ON ${orders}
REFERENCING NEW TABLE AS new_orders
FOR EACH STATEMENT EXECUTE FUNCTION ${keep_deleted}();

-- A change of an order's ID deletes the order with the old ID.
CREATE OR REPLACE TRIGGER orderflow_deletes_update AFTER UPDATE ON ${orders}
FOR EACH ROW WHEN (OLD.${id} IS DISTINCT FROM NEW.${id}) EXECUTE FUNCTION ${keep_deleted}();

-- Deleted orders are read along this index, as orders are along theirs (capture.shards=${shards}).
CREATE INDEX IF NOT EXISTS ${deletes_index} ON ${deletes}
  (${deletes_shard}, change_xid, ${deletes_id_ordered});

COMMIT;
