package io.orderflow.source.log.change;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.log.change.OrderCache.CachedOrder;
import io.orderflow.source.offset.EmittedAhead;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of a batch of transactions, or the orders that have to be looked up first.
 *
 * @param events in the order of their transactions; only valid if no order is missing
 * @param missing the order IDs to look up, as text, before the batch can be resolved
 * @param deferred the versions that are deferred after the batch
 * @param cacheChanges the changes of the order cache, to be applied once the events are emitted
 * @param unraised the first change that did not raise its order's version; null if all did
 */
public record Resolution(
    List<ResolvedEvent> events,
    Set<String> missing,
    DeferredVersions deferred,
    Map<String, Optional<CachedOrder>> cacheChanges,
    @Nullable UnraisedVersion unraised) {

  /**
   * The event of one order in one transaction.
   *
   * @param index the index of the order in the transaction's list
   * @param ahead the orders whose events are ahead of the log after this one
   */
  public record ResolvedEvent(
      DatabaseTransaction transaction, int index, OrderEvent event, EmittedAhead ahead) {}

  /**
   * A change that did not raise the version that the database keeps.
   *
   * @param version the version after the change
   * @param before the version that was emitted before
   */
  public record UnraisedVersion(String orderId, long version, long before) {}
}
