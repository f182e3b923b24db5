  IF ${first_touched} IS NULL THEN
    RETURN NULL;
  END IF;
  -- Items of one order often change one by one: its order is looked up once. If a savepoint is rolled back,
  -- so is this setting.
  IF cardinality(${first_touched}) <= 2 THEN
    orderflow_done := pg_current_xact_id() || ' ' || ${touched_text};
    IF orderflow_done = current_setting(${done}, true) THEN
      RETURN NULL;
    END IF;
  END IF;
  -- Orders are locked in the order of their IDs, so that two statements cannot deadlock.
  SELECT ${unstamped_aggregates}, count(*) INTO ${unstamped}, orderflow_existing
  FROM (
    SELECT ${o_id}, o.${xid} FROM ${orders} AS o WHERE ${is_touched} ORDER BY ${o_id} FOR NO KEY UPDATE
  ) AS o;
  IF ${first_unstamped} IS NOT NULL THEN
    UPDATE ${orders} AS o SET ${xid} = pg_current_xact_id() WHERE ${is_unstamped};
  END IF;
  -- Another transaction may be about to insert an order that does not exist.
  IF orderflow_done IS NOT NULL AND orderflow_existing = cardinality(${first_touched}) THEN
    PERFORM set_config(${done}, orderflow_done, true);
  END IF;
  RETURN NULL;
