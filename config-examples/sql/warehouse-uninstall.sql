-- Drops the view of audit-install.sql, if there is one, since it reads the scale. The audit trail itself stays, in steps of
-- that scale.

DROP VIEW IF EXISTS "public"."order_audit_lines";

-- Drops the tables and the view of backorders-install.sql with all their data, if there are any.

DROP VIEW IF EXISTS "public"."order_backorders_units";
DROP TABLE IF EXISTS "public"."order_backorders_due";
DROP TABLE IF EXISTS "public"."order_backorders";

-- Drops the tables and views of payments-install.sql with all their data, if there are any.

DROP VIEW IF EXISTS "public"."payment_totals_drift";
DROP VIEW IF EXISTS "public"."payments_balance";
DROP TABLE IF EXISTS "public"."payment_totals";
DROP TABLE IF EXISTS "public"."order_payments";

-- Drops the tables and views of warehouse-install.sql with all their data. Stop the connector first.

DROP VIEW IF EXISTS "public"."stock_drift";
DROP VIEW IF EXISTS "public"."order_inventory_units";
DROP VIEW IF EXISTS "public"."order_inventory_expiring";
DROP VIEW IF EXISTS "public"."order_inventory_lines";
DROP VIEW IF EXISTS "public"."stock_totals";
DROP VIEW IF EXISTS "public"."stock_units";
DROP TABLE IF EXISTS "public"."payments";
DROP TABLE IF EXISTS "public"."order_inventory";
DROP TABLE IF EXISTS "public"."stock";
DROP VIEW IF EXISTS "public"."stock_scale";
