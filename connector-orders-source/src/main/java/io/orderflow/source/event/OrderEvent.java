package io.orderflow.source.event;

import io.orderflow.common.contract.OrderEvents;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of an order with its items, or its deletion. Times are in milliseconds since the
 * epoch, by the database's clock.
 *
 * @param id Long, Integer, String or {@link CompositeId}
 * @param version -1 if it is unknown, which only a deleted order's can be
 * @param committedAt null if unknown
 * @param readAt when the order was read, which is after its commit; if the log shows the order, the
 *     time of the commit
 * @param values the order's values, in the order of the table schema's columns; empty if deleted
 * @param items for each item its values, in the order of the table schema's columns
 */
public record OrderEvent(
    Object id,
    long version,
    Kind kind,
    @Nullable Long committedAt,
    long readAt,
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
  public static OrderEvent deletion(
      Object id, long version, @Nullable Long committedAt, long readAt) {
    return new OrderEvent(id, version, Kind.DELETE, committedAt, readAt, List.of(), List.of());
  }

  /**
   * The time of the event: the commit of a change, or the time at which it was read if that is
   * unknown. An order that existed when capture began has the time at which it was read, since
   * Kafka would soon remove an event as old as its last change from a topic with limited retention.
   */
  public long timestamp() {
    Long committed = committedAt;
    return kind == Kind.SNAPSHOT || committed == null ? readAt : committed;
  }
}
