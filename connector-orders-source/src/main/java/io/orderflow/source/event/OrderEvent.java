package io.orderflow.source.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One order with its items, as of one snapshot of the database.
 *
 * @param id Long, Integer or String
 * @param position where capture stands once this event is delivered
 * @param committedAt milliseconds since the epoch, where the server keeps it
 * @param order the order's values, in the columns' order
 * @param items for each item its values, in the columns' order
 */
public record OrderEvent(
    int shard,
    Object id,
    Position position,
    long version,
    Kind kind,
    @Nullable Long committedAt,
    List<@Nullable Object> order,
    List<List<@Nullable Object>> items) {

  /** What an event tells. */
  public enum Kind {
    /** An order that was there when capture began. */
    SNAPSHOT("snapshot"),
    /** An order that was placed or changed since. */
    CHANGE("change");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** As in the event's header. */
    public String label() {
      return label;
    }
  }
}
