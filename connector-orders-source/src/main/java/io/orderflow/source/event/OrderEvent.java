package io.orderflow.source.event;

import io.orderflow.common.contract.OrderEvents;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of an order with its items, or its deletion.
 *
 * @param id Long, Integer, String or {@link CompositeId}
 * @param version -1 if it is unknown, which only a deleted order's can be
 * @param committedAt milliseconds since the epoch; null if unknown
 * @param values the order's values, in the order of the table schema's columns; empty if deleted
 * @param items for each item its values, in the order of the table schema's columns
 */
public record OrderEvent(
    Object id,
    long version,
    Kind kind,
    @Nullable Long committedAt,
    List<@Nullable Object> values,
    List<List<@Nullable Object>> items) {

  /** Kinds of events, as their header names them. */
  public enum Kind {
    /** An order that existed when capture began. */
    SNAPSHOT(OrderEvents.SNAPSHOT),
    /** An order that was placed or changed since. */
    CHANGE("change"),
    /** A deleted order: a tombstone. */
    DELETE("delete");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The value of the event's header. */
    public String label() {
      return label;
    }
  }

  /** The deletion of an order. */
  public static OrderEvent deletion(Object id, long version, @Nullable Long committedAt) {
    return new OrderEvent(id, version, Kind.DELETE, committedAt, List.of(), List.of());
  }
}
