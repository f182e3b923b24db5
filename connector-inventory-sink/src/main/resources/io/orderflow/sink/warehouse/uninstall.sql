-- Removes what warehouse-install.sql made, with all that it holds. Stop the connector first.

DROP VIEW IF EXISTS ${stock_drift};
DROP VIEW IF EXISTS ${order_inventory_lines};
DROP TABLE IF EXISTS ${payments};
DROP TABLE IF EXISTS ${order_inventory};
DROP TABLE IF EXISTS ${stock};
