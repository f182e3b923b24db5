package io.orderflow.source.log.change;

import io.orderflow.source.log.change.OrderCache.CachedOrder;
import io.orderflow.source.log.change.Resolution.UnraisedVersion;
import io.orderflow.source.offset.CatalogVersion;
import io.orderflow.source.offset.EmittedAhead;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.value.OrderIdReader;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves transactions to order events, under one schema of the tables. A change of an order whose
 * state is known, from a look-up or from its insertion on, is resolved exactly: the event holds the
 * order as that transaction left it. The state before an insertion is known if no items without an
 * order can belong to it ({@link StrayItems}). Any other order has to be looked up; so does any
 * order whose rows may have been logged before the tables got their present schema ({@link
 * CatalogVersion}). The look-up may show later changes as well:
 *
 * <ul>
 *   <li>If log positions are the versions, each change is emitted, and some events already contain
 *       later changes.
 *   <li>If the database keeps versions, a change is not emitted if the look-up already shows a
 *       later version: that version is deferred ({@link DeferredVersions}) until its own change is
 *       reached. So an event contains exactly the state of its version. A change that writes no
 *       version, such as that of a watched row, is emitted with the version that the look-up shows,
 *       if need be before that version's own change ({@link EmittedAhead}). So no version is
 *       emitted twice, unless the database assigns it twice.
 * </ul>
 *
 * <p>Resolving has no side effect on its arguments. For one thread.
 */
public final class ChangeResolver {

  private final OrderSchema schema;

  /** Whether rows of the log do not suffice, and a look-up may not show an order that exists. */
  private final boolean filtered;

  /** Whether a value may change without its row, so that the log does not show it. */
  private final boolean hasVolatileValues;

  private final RowDecoder orderDecoder;
  private final @Nullable RowDecoder itemDecoder;
  private final OrderVersions versions;
  private final OrderIdReader ids;

  private ChangeResolver(OrderSchema schema, boolean filtered) {
    this.schema = schema;
    this.filtered = filtered;
    TableSchema items = schema.items();
    hasVolatileValues =
        Stream.of(schema.orders(), items)
            .flatMap(table -> table == null ? Stream.of() : table.columns().stream())
            .anyMatch(column -> column.type().isVolatile());
    orderDecoder = new RowDecoder(schema.orders());
    itemDecoder = items == null ? null : new RowDecoder(items);
    versions = new OrderVersions(schema);
    ids = new OrderIdReader(schema);
  }

  /** A resolver that emits every order. */
  public static ChangeResolver ofAllOrders(OrderSchema schema) {
    return new ChangeResolver(schema, false);
  }

  /** A resolver for a condition or a view in SQL, so that each changed order is looked up. */
  public static ChangeResolver ofReadOrders(OrderSchema schema) {
    return new ChangeResolver(schema, true);
  }

  /** The schema of the events' values. */
  public OrderSchema schema() {
    return schema;
  }

  /** Parses the text of an order ID as the log has it. */
  public Object orderId(String text) {
    return ids.read(text);
  }

  /**
   * Resolves a batch.
   *
   * @param ahead the orders whose events are ahead of the log before the batch
   * @param catalog says which transactions have logged rows of this schema
   * @param lookedUp the orders that earlier resolutions of the same batch were missing
   * @return the events, or the orders to look up first
   */
  public Resolution resolve(
      List<TransactionPart> batch,
      OrderCache cache,
      DeferredVersions deferred,
      EmittedAhead ahead,
      CatalogVersion catalog,
      LookUpResult lookedUp) {
    Pass pass = new Pass(cache, deferred.change(), ahead, catalog, lookedUp);
    for (TransactionPart part : batch) {
      for (int index = part.from(); index < part.to(); index++) {
        pass.resolve(part.transaction(), index);
      }
    }
    return new Resolution(
        pass.events.all(), pass.missing, pass.deferred.result(), pass.cached, pass.unraised);
  }

  /** One pass over a batch, and its results so far. */
  private final class Pass {

    private final OrderCache cache;
    private final CatalogVersion catalog;
    private final LookUpResult lookedUp;
    private final Lsn lookedUpUntil;
    private final DeferredVersions.Changes deferred;
    private final ResolvedEvents events;
    private final Set<String> missing = new LinkedHashSet<>();
    private final Map<String, Optional<CachedOrder>> cached = new HashMap<>();
    private @Nullable UnraisedVersion unraised;

    Pass(
        OrderCache cache,
        DeferredVersions.Changes deferred,
        EmittedAhead ahead,
        CatalogVersion catalog,
        LookUpResult lookedUp) {
      this.cache = cache;
      this.deferred = deferred;
      this.events = new ResolvedEvents(schema, ahead);
      this.catalog = catalog;
      this.lookedUp = lookedUp;
      this.lookedUpUntil = lookedUp.highWatermark().max(cache.lookedUpUntil());
    }

    void resolve(DatabaseTransaction transaction, int index) {
      OrderChange change = transaction.orders().get(index);
      if (isEmittedAhead(transaction, change)) {
        reached(change);
        return;
      }
      boolean requested = lookedUp.requested().contains(change.orderId());
      if (!requested && !ids.canRead(change.orderId())) {
        // Of a later type than this schema has; the look-up finds the present one.
        missing.add(change.orderId());
        return;
      }
      CachedOrder before = find(change.orderId());
      if (before != null && before.shows(transaction.xid())) {
        emitLookedUp(transaction, index, before);
        return;
      }
      CachedOrder after = stateAfter(transaction, change, before);
      if (after != null) {
        put(change.orderId(), after);
        emitExact(transaction, index, before, after);
      } else if (requested) {
        emitLookedUp(
            transaction,
            index,
            lookedUp.state(change.orderId(), events.lastVersion(change.orderId(), before)));
      } else {
        missing.add(change.orderId());
      }
    }

    /** Whether an event contains a change of an order that is not known any more. */
    private boolean isEmittedAhead(DatabaseTransaction transaction, OrderChange change) {
      return !change.isDeletion()
          && events.contain(change.orderId(), transaction.xid())
          && find(change.orderId()) == null;
    }

    /** The state of an order; null if it is unknown. */
    private @Nullable CachedOrder find(String id) {
      Optional<CachedOrder> changed = cached.get(id);
      return changed == null ? cache.get(id) : changed.orElse(CachedOrder.ABSENT);
    }

    /** Leaves out what need not be known: the change of an absent order is its insertion. */
    private void put(String id, CachedOrder order) {
      boolean absent = !order.exists() && !order.hasStrayItems() && order.lookedUpIn() == null;
      cached.put(id, absent ? Optional.empty() : Optional.of(order));
    }

    /** The state after a change that no look-up shows; null if it has to be looked up. */
    private @Nullable CachedOrder stateAfter(
        DatabaseTransaction transaction, OrderChange change, @Nullable CachedOrder before) {
      if (change.isDeletion() && (filtered || itemDecoder == null)) {
        // Nothing else of the order can be left, or nothing is resolved from what is left.
        return CachedOrder.ABSENT;
      }
      if (filtered
          || hasVolatileValues
          || !change.complete()
          || !catalog.isLoggedSince(transaction.xid())) {
        return null;
      }
      if (before != null) {
        return apply(change, before);
      }
      boolean isKnown =
          change.isInsertion()
              && (itemDecoder == null || !cache.mayHaveStrayItems(change.orderId()));
      return isKnown ? apply(change, CachedOrder.ABSENT) : null;
    }

    private void emitExact(
        DatabaseTransaction transaction,
        int index,
        @Nullable CachedOrder before,
        CachedOrder after) {
      OrderChange change = transaction.orders().get(index);
      List<@Nullable Object> values = after.values();
      if (change.isDeletion()) {
        deferred.deletionReached(change.orderId());
        events.addDeletion(transaction, index, before);
      } else if (values != null) {
        reached(change);
        long version = versions.of(transaction.commitLsn(), values);
        if (versions.areKept() && version <= after.emittedVersion() && unraised == null) {
          unraised = new UnraisedVersion(change.orderId(), version, after.emittedVersion());
        }
        emit(transaction, index, after, values, version);
      }
    }

    /**
     * Emits an order as a look-up shows it, unless its version is emitted already or deferred. A
     * deletion is emitted even if the look-up shows that the order was inserted again.
     */
    private void emitLookedUp(DatabaseTransaction transaction, int index, CachedOrder order) {
      OrderChange change = transaction.orders().get(index);
      List<@Nullable Object> values = order.values();
      if (change.isDeletion()) {
        put(change.orderId(), order.after(OrderChange.NO_VERSION));
        deferred.deletionReached(change.orderId());
        events.addDeletion(transaction, index, order);
        return;
      }
      put(change.orderId(), order);
      reached(change);
      if (values == null) {
        if (!filtered) {
          deferred.shownDeleted(change.orderId(), lookedUpUntil);
        }
        return;
      }
      long version = versions.of(transaction.commitLsn(), values);
      if (versions.areKept()) {
        if (change.writtenVersion() != OrderChange.NO_VERSION
            && change.writtenVersion() < version) {
          deferred.shown(change.orderId(), version, lookedUpUntil);
          return;
        }
        if (order.isEmitted() && version <= order.emittedVersion()) {
          return;
        }
      }
      emit(transaction, index, order, values, version);
    }

    private void emit(
        DatabaseTransaction transaction,
        int index,
        CachedOrder order,
        List<@Nullable Object> values,
        long version) {
      String id = transaction.orders().get(index).orderId();
      if (versions.areKept()) {
        put(id, order.emitted(version));
      }
      events.add(transaction, index, order, values, version, lookedUpUntil);
    }

    /** Ends the deferral of the versions up to the one that a change wrote. */
    private void reached(OrderChange change) {
      if (change.writtenVersion() != OrderChange.NO_VERSION) {
        deferred.reached(change.orderId(), change.writtenVersion());
      }
    }
  }

  /** The order after a change; null if the change does not fit the state before. */
  private @Nullable CachedOrder apply(OrderChange change, CachedOrder before) {
    OrderState order = new OrderState(orderDecoder, itemDecoder, before);
    for (RowChange row : change.rows()) {
      if (!row.applyTo(order)) {
        return null;
      }
    }
    return order.after();
  }
}
