package io.orderflow.source.query;

import io.orderflow.source.event.Layout;
import io.orderflow.source.event.OrderEvent;
import java.util.List;

/**
 * What one transaction has read.
 *
 * @param layout the tables' layout that the events' values follow
 * @param more whether some shard has more that could be read at once
 */
public record Page(Layout layout, List<OrderEvent> events, boolean more) {}
