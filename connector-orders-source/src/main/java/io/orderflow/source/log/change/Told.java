package io.orderflow.source.log.change;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.schema.OrderSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one order for one transaction.
 *
 * @param place of the order among those of its transaction, from 0
 * @param layout that the values follow
 * @param version -1 where a deleted order's is not known
 * @param values empty where the order was deleted
 */
public record Told(
    DatabaseTransaction transaction,
    int place,
    OrderSchema layout,
    Object id,
    long version,
    OrderEvent.Kind kind,
    List<@Nullable Object> values,
    List<List<@Nullable Object>> items) {}
