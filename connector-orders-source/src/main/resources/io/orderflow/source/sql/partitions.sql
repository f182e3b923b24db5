
-- Partitions inherit the triggers for rows, but not those for TRUNCATE, and no trigger sees ATTACH or DETACH. So this
-- records the partitions in a comment; capture stops if others with rows were attached, or one is gone. Run again, it
-- adds the missing triggers, and records a change of the orders whose rows were in a table when it was attached since.
DO ${dollars}
DECLARE
  recorded CONSTANT jsonb := substring(obj_description(to_regprocedure(${recorder}), 'pg_proc') FROM '{.*}');
  part record;
  found jsonb := '{}';
BEGIN
  FOR part IN
${tree}
    SELECT c.oid, c.oid::regclass AS name, c.relkind, t.attached, ${attached_xid} AS xid, ${was_attached} AS was_attached
    FROM tree AS t JOIN pg_class AS c ON c.oid = t.part WHERE c.relkind IN ('r', 'p')
  LOOP${create_leaf_trigger}
    IF recorded -> part.oid::text ->> 1 IS DISTINCT FROM part.attached AND recorded IS NOT NULL
      AND part.relkind = 'r' AND part.was_attached
    THEN
      EXECUTE ${before_part} || part.name || ${after_part}${only_older};
    END IF;
    found := found || jsonb_build_object(part.oid::text, jsonb_build_array(part.name::text, part.attached));
  END LOOP;
  EXECUTE format('COMMENT ON FUNCTION %s IS %L', ${recorder}, 'Orderflow has recorded these partitions: ' || found::text);
END
${dollars};
