
DECLARE
${stamp_variables}
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT ${item_aggregates} INTO ${touched} FROM (SELECT DISTINCT ${order_id} FROM new_rows) AS i;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT ${item_aggregates} INTO ${touched} FROM (SELECT DISTINCT ${order_id} FROM old_rows) AS i;
  ELSE
    SELECT ${item_aggregates} INTO ${touched}
    FROM (SELECT ${order_id} FROM old_rows UNION SELECT ${order_id} FROM new_rows) AS i;
  END IF;
${stamp_touched}
END
