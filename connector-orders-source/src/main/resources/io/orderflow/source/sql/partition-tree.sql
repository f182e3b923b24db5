WITH RECURSIVE tree (part, attached) AS (
  SELECT inhrelid, ${attached} FROM pg_catalog.pg_inherits AS i
  WHERE inhparent = ${root}::regclass AND NOT inhdetachpending
  UNION ALL
  SELECT i.inhrelid, greatest(t.attached, ${attached}) FROM tree AS t
  JOIN pg_catalog.pg_inherits AS i ON i.inhparent = t.part AND NOT i.inhdetachpending
)
