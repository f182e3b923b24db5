
DECLARE
${stamp_variables}
BEGIN
  IF TG_OP = 'INSERT' THEN
    ${touch_new}
  ELSIF TG_OP = 'DELETE' OR ${old_order_id} = ${new_order_id} THEN
    ${touch_old}
  ELSE
    ${touch_both}
  END IF;
${stamp_touched}
END
