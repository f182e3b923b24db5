DO ${dollars}
DECLARE
  uncalled regprocedure;
BEGIN
  FOR uncalled IN
    SELECT oid FROM pg_proc
    WHERE ${functions}
      AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = pg_proc.oid)
  LOOP
    EXECUTE format('DROP FUNCTION %s', uncalled);
  END LOOP;
END
${dollars};
