package io.orderflow.source.query;

import io.orderflow.source.event.Layout;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.ShardPosition;
import java.util.List;
import java.util.Map;

/**
 * What one transaction has read.
 *
 * @param layout the tables' layout that the events' values follow
 * @param reached the positions of those shards that have moved on
 * @param more whether some shard has more that could be read at once
 */
public record Page(
    Layout layout, List<OrderEvent> events, Map<Integer, ShardPosition> reached, boolean more) {}
