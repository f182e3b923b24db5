-- Lets the Orderflow orders source with capture=query tell that orders were deleted; for shops that delete any.
-- Run shop-install.sql first, and set deletes.table to the table that this makes. It can be run again.
-- Statements are separated by empty lines; psql -f runs them as they are.

BEGIN;

SET LOCAL lock_timeout = '5s';

-- One row for each order that is gone. Rows that every connector has told may be deleted at any time.
CREATE TABLE IF NOT EXISTS ${deletes} (
  order_id ${id_column_type} PRIMARY KEY,${version_column}
  change_xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);

-- What the triggers do, for no order: where a column is missing, this fails, and not the shop's next DELETE.
INSERT INTO ${deletes} (order_id${version_name})
SELECT o.${id}${version_next} FROM ${orders} AS o LIMIT 0;

-- With its owner's rights, since a role that may delete orders need not be one that may write here.
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

-- An order that is there again is no deleted one.
CREATE OR REPLACE TRIGGER orderflow_deletes_insert AFTER INSERT ON ${orders}
REFERENCING NEW TABLE AS new_orders
FOR EACH STATEMENT EXECUTE FUNCTION ${keep_deleted}();

-- An order whose ID is changed is another one: the old one is gone.
CREATE OR REPLACE TRIGGER orderflow_deletes_update AFTER UPDATE ON ${orders}
FOR EACH ROW WHEN (OLD.${id} IS DISTINCT FROM NEW.${id}) EXECUTE FUNCTION ${keep_deleted}();

-- Where a deleted order is read from, just as the others (capture.shards is ${shards} here).
CREATE INDEX IF NOT EXISTS ${deletes_index} ON ${deletes}
  (${deletes_shard}, change_xid, ${deletes_id_ordered});

COMMIT;
