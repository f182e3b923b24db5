-- The table does not have the columns that the triggers fill, so it gets others, and the triggers of all captures that
-- share it are created again. Deletes that were not emitted yet are lost. Owner and privileges on the table remain.
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

TRUNCATE ${deletes};

DO ${dollars}
DECLARE
  old name;
BEGIN
  FOR old IN
    SELECT attname FROM pg_attribute WHERE attrelid = ${deletes_literal}::regclass AND attnum > 0 AND NOT attisdropped
  LOOP
    EXECUTE format('ALTER TABLE %s DROP COLUMN %I', ${deletes_literal}, old);
  END LOOP;
END
${dollars};

ALTER TABLE ${deletes}
  ${deleted_additions},${version_addition}
  ADD COLUMN change_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ADD PRIMARY KEY (${deleted_id});

