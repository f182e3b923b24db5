
DECLARE
${inserted_declarations}
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT ${inserted_aggregates} INTO ${inserted} FROM new_rows AS o;
    IF ${first_inserted} IS NOT NULL THEN
      DELETE FROM ${deletes} AS d WHERE ${is_inserted};
    END IF;
  ELSE
    INSERT INTO ${deletes} AS d (${deleted_id}${version_name})
    SELECT ${o_id}${version_next} FROM old_rows AS o WHERE ${is_gone}
    ON CONFLICT (${deleted_id}) DO UPDATE SET change_xid = EXCLUDED.change_xid${version_set};
  END IF;
  RETURN NULL;
END
