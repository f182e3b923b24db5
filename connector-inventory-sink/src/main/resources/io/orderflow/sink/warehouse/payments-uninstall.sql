-- Drops the tables and views of payments-install.sql with all their data, if there are any.

DROP VIEW IF EXISTS ${payment_totals_drift};
DROP VIEW IF EXISTS ${payments_balance};
DROP TABLE IF EXISTS ${payment_totals};
DROP TABLE IF EXISTS ${order_payments};

