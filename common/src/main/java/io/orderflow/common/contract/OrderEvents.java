package io.orderflow.common.contract;

/**
 * The names of the order event: what the orders source writes and the inventory sink reads.
 *
 * <p>The key is the order ID. The value has every column of the orders row under its own name, and
 * beside them the two fields named here. A deleted order is a tombstone.
 */
public final class OrderEvents {

  /** int64; only grows with each change of one order. */
  public static final String VERSION = "version";

  /** Array of structs, one for each row of the items table. */
  public static final String ITEMS = "items";

  /** Header, string: {@code snapshot}, {@code change} or {@code delete}. */
  public static final String KIND_HEADER = "orderflow.kind";

  /** In the header: an order that was there when capture began. */
  public static final String SNAPSHOT = "snapshot";

  /** Header, int64: how far the capture had read with this event; a transaction ID. */
  public static final String OFFSET_HEADER = "orderflow.offset";

  /** Header, int64: the version of the event; the only place where a tombstone can carry one. */
  public static final String VERSION_HEADER = "orderflow.version";

  /**
   * Header, int64: when the change was committed in the shop database, in milliseconds since the
   * epoch. Absent where the server does not keep it (track_commit_timestamp is off).
   */
  public static final String COMMIT_TIME_HEADER = "orderflow.commit.time";

  /** Header, string: the W3C trace context of the order; absent where it has none. */
  public static final String TRACEPARENT_HEADER = "traceparent";

  private OrderEvents() {}
}
