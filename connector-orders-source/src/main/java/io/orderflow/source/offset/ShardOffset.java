package io.orderflow.source.offset;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderIdText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The offset of a shard in query capture: the last change that was read.
 *
 * @param xid transaction that last changed the order
 * @param orderId the order ID as text, see {@link OrderIdText}
 * @param shards the number of shards; an offset means nothing for another number
 * @param system identifier of the database cluster whose transaction IDs these are
 * @param snapshotUntil changes of transactions before this one existed when capture began
 * @param handover what log capture has emitted before
 */
public record ShardOffset(
    long xid, String orderId, int shards, String system, long snapshotUntil, HandoverMark handover)
    implements SourceOffset {

  private static final String XID = "xid";
  private static final String ORDER_ID = "order_id";
  private static final String SHARDS = "shards";
  private static final String SYSTEM = "system";
  private static final String SNAPSHOT_UNTIL = "snapshot_until";
  private static final String EPOCH = "epoch";
  private static final String VERSION_OFFSET = "version_offset";
  private static final String EMITTED_SNAPSHOT = "emitted_snapshot";
  private static final Set<String> FIELDS =
      Set.of(
          XID, ORDER_ID, SHARDS, SYSTEM, SNAPSHOT_UNTIL, EPOCH, VERSION_OFFSET, EMITTED_SNAPSHOT);

  /** An offset of a capture that no other preceded. */
  public ShardOffset(long xid, String orderId, int shards, String system, long snapshotUntil) {
    this(xid, orderId, shards, system, snapshotUntil, HandoverMark.NONE);
  }

  /** Before the first change of any order: no transaction has the ID 0. */
  public static ShardOffset start(
      OrderIdColumns ids, int shards, String system, long snapshotUntil) {
    return new ShardOffset(0, minOrderId(ids), shards, system, snapshotUntil);
  }

  /** Before the first change of a transaction that is not before the horizon. */
  public static ShardOffset startAt(OrderIdColumns ids, int shards, String system, long horizon) {
    return new ShardOffset(horizon, minOrderId(ids), shards, system, horizon);
  }

  /**
   * Before the first change that log capture may not have emitted.
   *
   * @param mark which transactions it has emitted
   */
  public static ShardOffset startAfterLog(
      TransactionSnapshot emitted,
      OrderIdColumns ids,
      int shards,
      String system,
      HandoverMark mark) {
    // The orders of the transaction before xmin are emitted: the mark's snapshot shows it.
    return new ShardOffset(emitted.xmin() - 1, minOrderId(ids), shards, system, 0, mark);
  }

  /** The least order ID, as text. */
  public static String minOrderId(OrderIdColumns ids) {
    return OrderIdText.join(ids.types().stream().map(ShardOffset::minText).toList());
  }

  private static String minText(OrderIdType idType) {
    return switch (idType) {
      case BIGINT -> Long.toString(Long.MIN_VALUE);
      case INTEGER -> Integer.toString(Integer.MIN_VALUE);
      case UUID -> "00000000-0000-0000-0000-000000000000";
      case TEXT -> "";
    };
  }

  /**
   * Parses the map form; numbers may be of any integral type or text, as Connect's REST API passes
   * them.
   *
   * @throws IllegalArgumentException if a field is missing, unknown or malformed
   */
  public static ShardOffset of(Map<String, ?> map) {
    OffsetFields fields = new OffsetFields(map);
    fields.requireOnly(FIELDS);
    long shards = fields.number(SHARDS);
    if (shards < 1 || shards > Shards.MAX) {
      throw new IllegalArgumentException(
          SHARDS + ": expected 1 to " + Shards.MAX + ", found " + shards);
    }
    String emitted = fields.textOrNull(EMITTED_SNAPSHOT);
    return new ShardOffset(
        fields.number(XID),
        fields.text(ORDER_ID),
        (int) shards,
        fields.text(SYSTEM),
        fields.numberOrZero(SNAPSHOT_UNTIL),
        new HandoverMark(
            fields.numberOrZero(EPOCH),
            fields.numberOrZero(VERSION_OFFSET),
            emitted == null ? null : TransactionSnapshot.parse(emitted).toString()));
  }

  @Override
  public Map<String, Object> toMap() {
    Map<String, Object> map = new HashMap<>(8);
    map.put(XID, xid);
    map.put(ORDER_ID, orderId);
    map.put(SHARDS, (long) shards);
    map.put(SYSTEM, system);
    map.put(SNAPSHOT_UNTIL, snapshotUntil);
    if (handover.epoch() > 0) {
      map.put(EPOCH, handover.epoch());
      map.put(VERSION_OFFSET, handover.versionOffset());
    }
    if (handover.emittedSnapshot() != null) {
      map.put(EMITTED_SNAPSHOT, handover.emittedSnapshot());
    }
    return map;
  }

  @Override
  public long position() {
    return xid;
  }

  /**
   * Checks the order ID against the types of its columns.
   *
   * @throws IllegalArgumentException if no order ID of these types has such a text
   */
  public void requireOrderIdOf(OrderIdColumns ids) {
    List<String> parts;
    try {
      parts = OrderIdText.split(orderId, ids.count());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(ORDER_ID + ": " + e.getMessage(), e);
    }
    for (int i = 0; i < parts.size(); i++) {
      requireText(ids.types().get(i), parts.get(i));
    }
  }

  private static void requireText(OrderIdType idType, String text) {
    try {
      switch (idType) {
        case BIGINT -> Long.parseLong(text);
        case INTEGER -> Integer.parseInt(text);
        case UUID -> UUID.fromString(text);
        case TEXT -> {}
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          ORDER_ID + ": expected a value of type " + idType.sqlName() + ", found " + text, e);
    }
  }

  /** The offset once another change of the same shard has been read. */
  public ShardOffset at(long newXid, String newOrderId) {
    return new ShardOffset(newXid, newOrderId, shards, system, snapshotUntil, handover.at(newXid));
  }

  /** The version of the order at this offset, if the database keeps none. */
  public long version() {
    return xid + handover.versionOffset();
  }

  /** Whether the change at this offset existed when capture began. */
  public boolean isInSnapshot() {
    return xid < snapshotUntil;
  }

  /** The transactions that log capture has emitted, as {@code pg_snapshot}; null if none. */
  public @Nullable String emittedSnapshot() {
    return handover.emittedSnapshot();
  }

  /**
   * The part of a shard's offset that describes the log capture before it.
   *
   * @param epoch increases with each handover between the captures; the capture whose offsets have
   *     the greater epoch was the last to emit
   * @param versionOffset added to a transaction ID to make a version that is greater than all
   *     versions that log capture has emitted
   * @param emittedSnapshot the {@code pg_snapshot} that shows the transactions that log capture has
   *     emitted; null once the shard has passed them, or if there was no log capture
   */
  public record HandoverMark(long epoch, long versionOffset, @Nullable String emittedSnapshot) {

    /** No other capture has emitted before. */
    public static final HandoverMark NONE = new HandoverMark(0, 0, null);

    /** The mark of a shard that has reached a transaction. */
    HandoverMark at(long xid) {
      return emittedSnapshot == null || xid < xmax(emittedSnapshot)
          ? this
          : new HandoverMark(epoch, versionOffset, null);
    }

    /** Reads the text between the colons; parsing all of it for each order would be slow. */
    private static long xmax(String snapshot) {
      int first = snapshot.indexOf(':');
      return Long.parseLong(snapshot, first + 1, snapshot.indexOf(':', first + 1), 10);
    }
  }
}
