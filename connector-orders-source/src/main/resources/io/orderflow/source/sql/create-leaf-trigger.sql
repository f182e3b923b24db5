    EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s',
                   ${trigger}, part.name, ${recorder});
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', part.name, ${trigger});
