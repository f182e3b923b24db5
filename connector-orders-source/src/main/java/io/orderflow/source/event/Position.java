package io.orderflow.source.event;

import io.orderflow.common.database.OrderIdType;
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
 */
public record Position(long xid, String orderId, int shards, String system, long loadUntil) {

  private static final String XID = "xid";
  private static final String ORDER_ID = "order_id";
  private static final String SHARDS = "shards";
  private static final String SYSTEM = "system";
  private static final String LOAD_UNTIL = "load_until";
  private static final Set<String> KEYS = Set.of(XID, ORDER_ID, SHARDS, SYSTEM, LOAD_UNTIL);

  /** Before the first change of any order: no transaction has the ID 0. */
  public static Position start(OrderIdType idType, int shards, String system, long loadUntil) {
    String least =
        switch (idType) {
          case BIGINT -> Long.toString(Long.MIN_VALUE);
          case INTEGER -> Integer.toString(Integer.MIN_VALUE);
          case UUID -> "00000000-0000-0000-0000-000000000000";
          case TEXT -> "";
        };
    return new Position(0, least, shards, system, loadUntil);
  }

  /**
   * Reads the map form; numbers may be of any integral type or text, as REST hands them over.
   *
   * @throws IllegalArgumentException when a part is missing, unknown or not what it should be
   */
  public static Position of(Map<String, ?> map) {
    for (String key : map.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException("expected only the fields " + KEYS + ", found " + key);
      }
    }
    long shards = number(map, SHARDS);
    if (shards < 1 || shards > Shards.MOST) {
      throw new IllegalArgumentException(
          SHARDS + ": expected 1 to " + Shards.MOST + ", found " + shards);
    }
    return new Position(
        number(map, XID),
        text(map, ORDER_ID),
        (int) shards,
        text(map, SYSTEM),
        map.containsKey(LOAD_UNTIL) ? number(map, LOAD_UNTIL) : 0);
  }

  /** The map form: {@code xid, order_id, shards, system, load_until}. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new HashMap<>(8);
    map.put(XID, xid);
    map.put(ORDER_ID, orderId);
    map.put(SHARDS, (long) shards);
    map.put(SYSTEM, system);
    map.put(LOAD_UNTIL, loadUntil);
    return map;
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
  public Position at(long newXid, String newOrderId) {
    return new Position(newXid, newOrderId, shards, system, loadUntil);
  }

  /** Whether the change here was there when capture began. */
  public OrderEvent.Kind kind() {
    return xid < loadUntil ? OrderEvent.Kind.SNAPSHOT : OrderEvent.Kind.CHANGE;
  }

  private static long number(Map<String, ?> map, String key) {
    Object value = present(map, key);
    try {
      long number =
          value instanceof Double || value instanceof Float
              ? Long.parseLong("a fraction")
              : Long.parseLong(value.toString().strip());
      if (number < 0) {
        throw new NumberFormatException("negative");
      }
      return number;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          key + ": expected a whole number of 0 or more, found " + value, e);
    }
  }

  private static String text(Map<String, ?> map, String key) {
    Object value = present(map, key);
    if (value instanceof String || value instanceof Long || value instanceof Integer) {
      return value.toString();
    }
    throw new IllegalArgumentException(key + ": expected text, found " + value);
  }

  private static Object present(Map<String, ?> map, String key) {
    @Nullable Object value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + ": expected a value, found none");
    }
    return value;
  }
}
