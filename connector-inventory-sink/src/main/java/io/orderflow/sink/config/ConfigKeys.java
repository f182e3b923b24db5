package io.orderflow.sink.config;

/**
 * The names of the sink's own settings. Those that both connectors have are in {@link
 * io.orderflow.common.database.DatabaseSettings} and {@link
 * io.orderflow.common.config.RetrySettings}.
 */
public final class ConfigKeys {

  public static final String TOPICS_ORDER = "topics.order";
  public static final String TOPICS_INVENTORY = "topics.inventory";
  public static final String TOPICS_PAYMENT = "topics.payment";
  public static final String TOPICS_DEAD_LETTER = "topics.dead.letter";

  public static final String TABLE_STOCK = "table.stock";
  public static final String TABLE_ORDERS = "table.order.inventory";
  public static final String TABLE_PAYMENTS = "table.payments";
  public static final String TABLE_ORDER_PAYMENTS = "table.order.payments";
  public static final String TABLE_PAYMENT_TOTALS = "table.payment.totals";
  public static final String TABLE_AUDIT = "table.audit";
  public static final String TABLE_BACKORDERS = "table.order.backorders";
  public static final String AUDIT = "audit";
  public static final String AUTO_CREATE = "auto.create";

  public static final String STATUS_RESERVE = "status.reserve";
  public static final String STATUS_SHIP = "status.ship";
  public static final String STATUS_RELEASE = "status.release";
  public static final String STATUS_RECEIVE = "status.receive";
  public static final String STATUS_RETURN = "status.return";
  public static final String STATUS_KEEP = "status.keep";
  public static final String STATUS_OTHERWISE = "status.otherwise";

  public static final String PAYMENT_STATUS_PAID = "payment.status.paid";
  public static final String PAYMENT_STATUS_REFUNDED = "payment.status.refunded";
  public static final String PAYMENT_STATUS_REVERSED = "payment.status.reversed";
  public static final String PAYMENT_STATUS_FAILED = "payment.status.failed";
  public static final String PAYMENT_STATUS_OTHERWISE = "payment.status.otherwise";
  public static final String PAYMENT_DELETIONS = "payment.deletions";

  public static final String ORDER_AMOUNT_UNIT = "order.amount.unit";
  public static final String PAYMENT_AMOUNT_UNIT = "payment.amount.unit";
  public static final String CURRENCY_DEFAULT = "currency.default";

  public static final String ITEMS_SKIP = "items.skip";
  public static final String QUANTITY_SCALE = "quantity.scale";
  public static final String QUANTITY_DEFAULT = "quantity.default";

  public static final String RESERVATION_POLICY = "reservation.policy";
  public static final String BACKORDERS = "backorders";
  public static final String RESERVATION_TTL = "reservation.ttl.ms";
  public static final String RESERVATION_TTL_STATUSES = "reservation.ttl.statuses";
  public static final String UNKNOWN_SKU_POLICY = "unknown.sku.policy";

  public static final String LOCATION_POLICY = "location.policy";
  public static final String LOCATIONS = "locations";
  public static final String LOCATION_SPLIT = "location.split";

  public static final String BATCH_MAX_RECORDS = "batch.max.records";
  public static final String BATCH_MAX_BYTES = "batch.max.bytes";
  public static final String BATCH_LINGER = "batch.linger.ms";
  public static final String APPLY_CONCURRENCY = "apply.concurrency";

  public static final String DEAD_LETTER_MAX_RATIO = "dead.letter.max.ratio";
  public static final String DEAD_LETTER_WINDOW = "dead.letter.window.records";

  private ConfigKeys() {}
}
