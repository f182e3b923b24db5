DO ${dollars}
DECLARE
  unneeded record;
BEGIN
  FOR unneeded IN
    SELECT tgname, tgrelid::regclass AS owner FROM pg_trigger
    WHERE tgparentid = 0 AND ${is_ours}${is_unneeded}
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', unneeded.tgname, unneeded.owner);
  END LOOP;
END
${dollars};
