package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one order.
 *
 * @param effects by SKU, all that the order does to stock from now on; nothing that is none
 */
public record Outcome(
    Object orderId,
    long version,
    State state,
    @Nullable Reason reason,
    SortedMap<String, Effect> effects) {}
