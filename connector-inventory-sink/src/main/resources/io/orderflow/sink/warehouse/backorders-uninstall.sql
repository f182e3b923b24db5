-- Drops the tables and the view of backorders-install.sql with all their data, if there are any.

DROP VIEW IF EXISTS ${order_backorders_units};
DROP TABLE IF EXISTS ${order_backorders_due};
DROP TABLE IF EXISTS ${order_backorders};

