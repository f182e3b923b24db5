package io.orderflow.source.log.change;

import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.change.OrderCache.CachedOrder;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The result of a look-up of orders, all in one database snapshot.
 *
 * @param highWatermark a position after everything that the snapshot shows
 * @param requested the order IDs that were looked up, as text
 * @param orders the requested orders that exist, by order ID as text
 * @param strayItems the items of requested orders that do not exist, by order ID as text
 */
public record LookUpResult(
    TransactionSnapshot snapshot,
    Lsn highWatermark,
    Set<String> requested,
    Map<String, OrderSnapshot> orders,
    Map<String, List<List<@Nullable Object>>> strayItems) {

  /** Nothing was looked up. */
  public static final LookUpResult NONE =
      new LookUpResult(TransactionSnapshot.EMPTY, new Lsn(0), Set.of(), Map.of(), Map.of());

  /**
   * The state of a requested order.
   *
   * @param emittedVersion the version that was emitted last; {@link OrderChange#NO_VERSION} if none
   *     is known
   */
  CachedOrder state(String orderId, long emittedVersion) {
    OrderSnapshot found = orders.get(orderId);
    return found == null
        ? new CachedOrder(
            null,
            strayItems.getOrDefault(orderId, List.of()),
            snapshot,
            emittedVersion,
            false,
            false)
        : new CachedOrder(
            found.values(), found.items(), snapshot, emittedVersion, false, found.deleted());
  }
}
