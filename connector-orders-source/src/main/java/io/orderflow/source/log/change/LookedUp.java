package io.orderflow.source.log.change;

import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.schema.OrderSchema;
import java.util.Map;

/**
 * Orders as one snapshot shows them.
 *
 * @param orders by the order ID as text; those that are not there are not there
 */
public record LookedUp(
    OrderSchema layout, TransactionSnapshot snapshot, Map<String, OrderSnapshot> orders) {}
