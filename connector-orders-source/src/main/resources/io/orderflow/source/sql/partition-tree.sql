WITH RECURSIVE tree (part, attached, levels) AS (
  SELECT inhrelid, xmin::text, ARRAY[inhrelid] FROM pg_catalog.pg_inherits
  WHERE inhparent = ANY (ARRAY[${roots}]::regclass[]) AND NOT inhdetachpending
  UNION ALL
  SELECT i.inhrelid, t.attached || '-' || i.xmin, t.levels || i.inhrelid FROM tree AS t
  JOIN pg_catalog.pg_inherits AS i ON i.inhparent = t.part AND NOT i.inhdetachpending
)
