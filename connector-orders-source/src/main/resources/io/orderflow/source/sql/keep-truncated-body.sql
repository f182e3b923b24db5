
BEGIN
  EXECUTE ${keep_orders_of} || TG_RELID::regclass || ${keep_conflicts};
  RETURN NULL;
END
