package io.orderflow.source.event;

/** Order IDs as keys of maps and of records. */
public final class OrderKey {

  private OrderKey() {}

  /** Equal for the same order ID in both tables, even if one is integer and the other bigint. */
  public static Object of(Object id) {
    if (id instanceof CompositeId composite) {
      return new CompositeId(composite.parts().stream().map(OrderKey::of).toList());
    }
    return id instanceof Number number && !(id instanceof Long) ? (Object) number.longValue() : id;
  }

  /** The order ID of an event, from a column's value: a smallint's record key is an integer. */
  public static Object idOf(Object value) {
    return value instanceof Short small ? (Object) small.intValue() : value;
  }
}
