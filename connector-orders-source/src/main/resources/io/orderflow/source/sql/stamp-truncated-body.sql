
BEGIN
  EXECUTE ${stamp_orders_of} || TG_RELID::regclass || ')';
  RETURN NULL;
END
