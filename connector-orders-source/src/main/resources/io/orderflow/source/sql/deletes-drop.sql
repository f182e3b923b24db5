-- The table does not have the columns that the triggers fill, so it is created again, with the triggers of all captures
-- that share it. Deletes that were not emitted yet are lost with it, and so are privileges: grant those of other roles again.
DO ${dollars}
BEGIN
  IF to_regclass(${deletes_literal}) IS NOT NULL AND NOT EXISTS (SELECT FROM pg_proc AS p WHERE ${fills_deletes}) THEN
    RAISE EXCEPTION 'the triggers do not fill %; set another deletes.table, or drop the table if nothing needs it', ${deletes_literal};
  END IF;
END
${dollars};

${drop_triggers_of_all_captures}
DO ${dollars}
BEGIN
  IF EXISTS (SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE ${fills_deletes}) THEN
    RAISE EXCEPTION '% is also filled by triggers of other settings; remove these by their function orderflow_uninstall_..., or set another deletes.table', ${deletes_literal};
  END IF;
END
${dollars};

DROP TABLE IF EXISTS ${deletes};

