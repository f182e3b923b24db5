
DECLARE
${stamp_variables}
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT ${item_aggregates} INTO ${touched} FROM (SELECT DISTINCT ${i_order_id} FROM new_rows AS i) AS i;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT ${item_aggregates} INTO ${touched} FROM (SELECT DISTINCT ${i_order_id} FROM old_rows AS i) AS i;
  ELSE
    SELECT ${item_aggregates} INTO ${touched}
    FROM (SELECT ${i_order_id} FROM old_rows AS i UNION SELECT ${i_order_id} FROM new_rows AS i) AS i;
  END IF;
${stamp_touched}
END
