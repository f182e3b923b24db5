
BEGIN
  EXECUTE ${keep_orders_of} || TG_RELID::regclass || ${is_truncated} || ${keep_conflicts};
  RETURN NULL;
END
