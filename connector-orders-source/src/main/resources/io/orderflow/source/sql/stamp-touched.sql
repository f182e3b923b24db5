  IF ${first_touched} IS NULL THEN
    RETURN NULL;
  END IF;
  -- Items of one order often change one by one: its order is looked up once. If a savepoint is rolled back,
  -- so is this setting.
  IF cardinality(${first_touched}) <= 2 THEN
    done := pg_current_xact_id() || ' ' || ${touched_text};
    IF done = current_setting(${done}, true) THEN
      RETURN NULL;
    END IF;
  END IF;
  -- Orders are locked in the order of their IDs, so that two statements cannot deadlock.
  SELECT ${unstamped_aggregates}, count(*) INTO ${unstamped}, existing
  FROM (
    SELECT ${id}, ${xid} FROM ${orders} WHERE ${is_touched} ORDER BY ${id} FOR NO KEY UPDATE OF ${orders_name}
  ) AS o;
  IF ${first_unstamped} IS NOT NULL THEN
    UPDATE ${orders} SET ${xid} = pg_current_xact_id() WHERE ${is_unstamped};
  END IF;
  -- Another transaction may be about to insert an order that does not exist.
  IF done IS NOT NULL AND existing = cardinality(${first_touched}) THEN
    PERFORM set_config(${done}, done, true);
  END IF;
  RETURN NULL;
