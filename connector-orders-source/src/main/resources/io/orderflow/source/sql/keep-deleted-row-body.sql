
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO ${deletes} AS d (${deleted_id}${version_name})
    SELECT ${o_id}${version_next} FROM (SELECT OLD.*) AS o WHERE ${is_gone}
    ON CONFLICT (${deleted_id}) DO UPDATE SET change_xid = EXCLUDED.change_xid${version_set};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    DELETE FROM ${deletes} AS d WHERE ${deleted_id_value} = ${new_id};
  END IF;
  RETURN NULL;
END
