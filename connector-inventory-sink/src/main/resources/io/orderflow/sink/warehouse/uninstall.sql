-- Drops the tables and views of warehouse-install.sql with all their data. Stop the connector first.

DROP VIEW IF EXISTS ${stock_drift};
DROP VIEW IF EXISTS ${order_inventory_units};
DROP VIEW IF EXISTS ${order_inventory_expiring};
DROP VIEW IF EXISTS ${order_inventory_lines};
DROP VIEW IF EXISTS ${stock_totals};
DROP VIEW IF EXISTS ${stock_units};
DROP TABLE IF EXISTS ${payments};
DROP TABLE IF EXISTS ${order_inventory};
DROP TABLE IF EXISTS ${stock};
DROP VIEW IF EXISTS ${stock_scale};
