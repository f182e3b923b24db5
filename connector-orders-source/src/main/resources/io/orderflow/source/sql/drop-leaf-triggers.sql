  FOR part IN
    SELECT tgrelid::regclass AS name FROM pg_trigger
    WHERE tgfoid = to_regprocedure(${recorder}) AND tgrelid <> ${root}::regclass AND NOT found ? tgrelid::text
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', ${trigger}, part.name);
  END LOOP;
