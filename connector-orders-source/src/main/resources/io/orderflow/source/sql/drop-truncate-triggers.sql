DO ${dollars}
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT tgrelid FROM pg_trigger WHERE tgfoid = to_regprocedure(${recorder}) LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', ${trigger}, part);
  END LOOP;
END
${dollars};

