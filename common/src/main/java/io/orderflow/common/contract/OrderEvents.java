package io.orderflow.common.contract;

/**
 * The names in an order event, which the orders source writes and the inventory sink reads.
 *
 * <p>The key is the order ID. The value has every column of the orders row under the column's name,
 * and its own fields {@link #VERSION} and {@link #ITEMS}. A deleted order is a tombstone.
 */
public final class OrderEvents {

  /** int64; grows with each change of an order. */
  public static final String VERSION = "version";

  /** Array of structs, one for each row of the items table. */
  public static final String ITEMS = "items";

  /** Of a marker event, string: the order ID. */
  public static final String MARKER_ORDER_ID = "order_id";

  /** Of a marker event, int64: the size that the order's event would have had, in bytes. */
  public static final String MARKER_SIZE = "size";

  /** Of a marker event, int32: the number of the order's items. */
  public static final String MARKER_ITEM_COUNT = "item_count";

  /** Header, string: {@code snapshot}, {@code change}, {@code delete} or {@code oversized}. */
  public static final String KIND_HEADER = "orderflow.kind";

  /** The kind of an order that existed when capture began. */
  public static final String SNAPSHOT = "snapshot";

  /** The kind of a marker event, which stands for an event that was too large to emit. */
  public static final String OVERSIZED = "oversized";

  /** Header, int64: the transaction ID up to which capture had read with this event. */
  public static final String OFFSET_HEADER = "orderflow.offset";

  /** Header, int64: the version of the event. A tombstone has its version here alone. */
  public static final String VERSION_HEADER = "orderflow.version";

  /**
   * Header, int64: when the change was committed in the source database, in milliseconds since the
   * epoch. Absent if the server does not record it (track_commit_timestamp is off).
   */
  public static final String COMMIT_TIME_HEADER = "orderflow.commit.time";

  /** Header, string: the W3C trace context of the order; absent if it has none. */
  public static final String TRACEPARENT_HEADER = "traceparent";

  private OrderEvents() {}
}
