
BEGIN
  EXECUTE ${stamp_orders_before} || TG_RELID::regclass || ${stamp_orders_after};
  RETURN NULL;
END
