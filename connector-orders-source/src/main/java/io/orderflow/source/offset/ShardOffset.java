package io.orderflow.source.offset;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.event.OrderEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a shard has been read: everything up to and including this change. Its map form is what
 * Connect stores as the source offset.
 *
 * @param xid transaction that last changed the order
 * @param orderId the order ID as text
 * @param shards how many shards there were; a position means nothing for another number
 * @param system identifier of the database cluster whose transaction IDs these are
 * @param loadUntil transactions before this one were there when capture began
 * @param takeover what was told from the log before
 */
public record ShardOffset(
    long xid, String orderId, int shards, String system, long loadUntil, HandoverMark takeover)
    implements SourceOffset {

  private static final String XID = "xid";
  private static final String ORDER_ID = "order_id";
  private static final String SHARDS = "shards";
  private static final String SYSTEM = "system";
  private static final String LOAD_UNTIL = "snapshot_until";
  private static final String TURN = "epoch";
  private static final String SHIFT = "version_offset";
  private static final String CAPTURED = "emitted_snapshot";
  private static final Set<String> KEYS =
      Set.of(XID, ORDER_ID, SHARDS, SYSTEM, LOAD_UNTIL, TURN, SHIFT, CAPTURED);

  /** Capture began with this shard. */
  public ShardOffset(long xid, String orderId, int shards, String system, long loadUntil) {
    this(xid, orderId, shards, system, loadUntil, HandoverMark.NONE);
  }

  /** Before the first change of any order: no transaction has the ID 0. */
  public static ShardOffset start(OrderIdType idType, int shards, String system, long loadUntil) {
    return new ShardOffset(0, least(idType), shards, system, loadUntil);
  }

  private static String least(OrderIdType idType) {
    return switch (idType) {
      case BIGINT -> Long.toString(Long.MIN_VALUE);
      case INTEGER -> Integer.toString(Integer.MIN_VALUE);
      case UUID -> "00000000-0000-0000-0000-000000000000";
      case TEXT -> "";
    };
  }

  /** Before the first change of a transaction that is not before {@code horizon}. */
  public static ShardOffset startAt(OrderIdType idType, int shards, String system, long horizon) {
    return start(idType, shards, system, horizon).at(horizon, least(idType));
  }

  /**
   * After what was told from the log.
   *
   * @param takeover with the transactions that were told
   */
  public static ShardOffset after(
      TransactionSnapshot told,
      OrderIdType idType,
      int shards,
      String system,
      HandoverMark takeover) {
    // Orders of the one transaction before are told: the snapshot says so.
    return new ShardOffset(
        told.xmin() - 1, start(idType, shards, system, 0).orderId, shards, system, 0, takeover);
  }

  /**
   * Reads the map form; numbers may be of any integral type or text, as REST hands them over.
   *
   * @throws IllegalArgumentException when a part is missing, unknown or not what it should be
   */
  public static ShardOffset of(Map<String, ?> map) {
    OffsetFields fields = new OffsetFields(map);
    fields.requireOnly(KEYS);
    long shards = fields.number(SHARDS);
    if (shards < 1 || shards > Shards.MOST) {
      throw new IllegalArgumentException(
          SHARDS + ": expected 1 to " + Shards.MOST + ", found " + shards);
    }
    return new ShardOffset(
        fields.number(XID),
        fields.text(ORDER_ID),
        (int) shards,
        fields.text(SYSTEM),
        fields.has(LOAD_UNTIL) ? fields.number(LOAD_UNTIL) : 0,
        new HandoverMark(
            fields.has(TURN) ? fields.number(TURN) : 0,
            fields.has(SHIFT) ? fields.number(SHIFT) : 0,
            fields.has(CAPTURED)
                ? TransactionSnapshot.parse(fields.text(CAPTURED)).toString()
                : null));
  }

  /**
   * The map form: {@code xid, order_id, shards, system, snapshot_until}, and after a capture from
   * the log {@code turn, shift, captured}.
   */
  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new HashMap<>(8);
    map.put(XID, xid);
    map.put(ORDER_ID, orderId);
    map.put(SHARDS, (long) shards);
    map.put(SYSTEM, system);
    map.put(LOAD_UNTIL, loadUntil);
    if (takeover.turn() > 0) {
      map.put(TURN, takeover.turn());
      map.put(SHIFT, takeover.shift());
    }
    if (takeover.captured() != null) {
      map.put(CAPTURED, takeover.captured());
    }
    return map;
  }

  @Override
  public long number() {
    return xid;
  }

  /**
   * Checks that the order ID is one.
   *
   * @throws IllegalArgumentException when no order ID of this type looks like it
   */
  public void requireOrderIdOf(OrderIdType idType) {
    try {
      switch (idType) {
        case BIGINT -> Long.parseLong(orderId);
        case INTEGER -> Integer.parseInt(orderId);
        case UUID -> UUID.fromString(orderId);
        case TEXT -> {}
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          ORDER_ID + ": expected a value of type " + idType.sqlName() + ", found " + orderId, e);
    }
  }

  /** The position once another change of the same shard has been read. */
  public ShardOffset at(long newXid, String newOrderId) {
    return new ShardOffset(newXid, newOrderId, shards, system, loadUntil, takeover.at(newXid));
  }

  /** Grows with each change of capture. */
  public long turn() {
    return takeover.turn();
  }

  /** The version of the order here, where the shop keeps none itself. */
  public long version() {
    return xid + takeover.shift();
  }

  /** What must not be told again, as {@code pg_snapshot}; null where there is nothing. */
  public @Nullable String captured() {
    return takeover.captured();
  }

  /** Whether the change here was there when capture began. */
  public OrderEvent.Kind kind() {
    return xid < loadUntil ? OrderEvent.Kind.SNAPSHOT : OrderEvent.Kind.CHANGE;
  }
}
