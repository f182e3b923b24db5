
DECLARE
${stamp_variables}
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT ${found_aggregates} INTO ${touched} FROM (SELECT DISTINCT ${found} FROM ${new_rows} AS ${row}${path}) AS f (${found_names});
  ELSIF TG_OP = 'DELETE' THEN
    SELECT ${found_aggregates} INTO ${touched} FROM (SELECT DISTINCT ${found} FROM ${old_rows} AS ${row}${path}) AS f (${found_names});
  ELSE
    SELECT ${found_aggregates} INTO ${touched} FROM (
      SELECT ${found} FROM ${old_rows} AS ${row}${path}
      UNION SELECT ${found} FROM ${new_rows} AS ${row}${path}
    ) AS f (${found_names});
  END IF;
${stamp_touched}
END
