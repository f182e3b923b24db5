package io.orderflow.source.log.tell;

import io.orderflow.source.event.Layout;
import io.orderflow.source.event.Snapshot;
import io.orderflow.source.whole.WholeOrder;
import java.util.Map;

/**
 * Orders as one snapshot shows them.
 *
 * @param orders by the order ID as text; those that are not there are not there
 */
public record LookedUp(Layout layout, Snapshot snapshot, Map<String, WholeOrder> orders) {}
