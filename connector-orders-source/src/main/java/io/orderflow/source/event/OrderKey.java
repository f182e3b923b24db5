package io.orderflow.source.event;

/** Order IDs as keys of maps and sets. */
public final class OrderKey {

  private OrderKey() {}

  /** Equal for the same order ID in both tables, also where one is integer and the other bigint. */
  public static Object of(Object id) {
    return id instanceof Number number && !(id instanceof Long) ? (Object) number.longValue() : id;
  }
}
