package io.orderflow.source.event;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.source.offset.SourceOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One order with its items, as of one snapshot of the database, or that it was deleted.
 *
 * @param partition Connect's source partition of the capture that tells it
 * @param position where capture stands once this event is delivered
 * @param id Long, Integer or String
 * @param version -1 where a deleted order's is not known
 * @param committedAt milliseconds since the epoch, where it is known
 * @param order the order's values, in the columns' order; none where it was deleted
 * @param items for each item its values, in the columns' order
 */
public record OrderEvent(
    Map<String, Object> partition,
    SourceOffset position,
    Object id,
    long version,
    Kind kind,
    @Nullable Long committedAt,
    List<@Nullable Object> order,
    List<List<@Nullable Object>> items) {

  /** What an event tells. */
  public enum Kind {
    /** An order that was there when capture began. */
    SNAPSHOT(OrderEvents.SNAPSHOT),
    /** An order that was placed or changed since. */
    CHANGE("change"),
    /** An order that is gone: a tombstone. */
    DELETE("delete");

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
