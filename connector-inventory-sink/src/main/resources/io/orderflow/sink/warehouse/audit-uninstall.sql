-- Drops the view of audit-install.sql, if there is one, since it reads the scale. The audit trail itself stays, in steps of
-- that scale.

DROP VIEW IF EXISTS ${order_audit_lines};
