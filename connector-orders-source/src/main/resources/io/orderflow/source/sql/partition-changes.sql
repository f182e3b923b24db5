${tree},
recorded AS (
  SELECT key::oid AS part, value ->> 0 AS name, value ->> 1 AS attached
  FROM jsonb_each(substring(obj_description(to_regprocedure(${recorder}), 'pg_proc') FROM '{.*}')::jsonb)
)
SELECT r.name, quote_ident(n.nspname) || '.' || quote_ident(c.relname), t.part::bigint, ${attached_xid},
       has_table_privilege(c.oid, 'SELECT'), ${was_attached}
FROM tree AS t
FULL JOIN recorded AS r ON r.part = t.part
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.part
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.part IS NULL OR c.relkind = 'r' AND r.attached IS DISTINCT FROM t.attached
ORDER BY 1, 2
