package io.orderflow.source.query;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.OrderSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What one transaction has read.
 *
 * @param layout the tables' layout that the events' values follow
 * @param reached the positions of those shards that have moved on
 * @param more whether some shard has more that could be read at once
 */
public record Page(
    OrderSchema layout, List<OrderEvent> events, Map<Integer, ShardOffset> reached, boolean more) {

  /**
   * When the earliest of the changes was committed that are the last of their shards, in
   * milliseconds since the epoch: what was committed before is read. Empty where it is not known.
   */
  public OptionalLong committedUpTo() {
    Map<Map<String, Object>, OrderEvent> last = new HashMap<>();
    events.forEach(event -> last.put(event.partition(), event));
    boolean known =
        !last.isEmpty()
            && last.values().stream()
                .allMatch(
                    event ->
                        event.kind() != OrderEvent.Kind.SNAPSHOT && event.committedAt() != null);
    return known
        ? last.values().stream()
            .map(OrderEvent::committedAt)
            .mapToLong(Objects::requireNonNull)
            .min()
        : OptionalLong.empty();
  }
}
