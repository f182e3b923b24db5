package io.orderflow.source.log.change;

import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.offset.TransactionSnapshot;
import java.util.Map;
import java.util.Set;

/**
 * The result of a look-up of orders, all in one database snapshot.
 *
 * @param requested the order IDs that were looked up, as text
 * @param orders the requested orders that exist, by order ID as text
 */
public record LookUpResult(
    TransactionSnapshot snapshot, Set<String> requested, Map<String, OrderSnapshot> orders) {

  /** Nothing was looked up. */
  public static final LookUpResult NONE =
      new LookUpResult(TransactionSnapshot.EMPTY, Set.of(), Map.of());
}
