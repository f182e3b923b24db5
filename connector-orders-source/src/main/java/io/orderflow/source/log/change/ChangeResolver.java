package io.orderflow.source.log.change;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.OrderEvent.Kind;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.change.OrderCache.CachedOrder;
import io.orderflow.source.log.change.Resolution.ResolvedEvent;
import io.orderflow.source.log.change.Resolution.UnraisedVersion;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.value.OrderIdReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resolves transactions to order events, under one schema of the tables. A change of an order whose
 * state is known, from its insertion on or from a look-up, is resolved exactly: the event holds the
 * order as that transaction left it. Any other order has to be looked up, and the look-up may show
 * later changes as well:
 *
 * <ul>
 *   <li>If log positions are the versions, each change is emitted, and some events already contain
 *       later changes.
 *   <li>If the database keeps versions, a change is not emitted if the look-up already shows a
 *       later version: that version is deferred ({@link DeferredVersions}) until its own change is
 *       reached. So an event contains exactly the state of its version, and no version is emitted
 *       twice, unless the database assigns it twice.
 * </ul>
 *
 * <p>Resolving has no side effect on its arguments. For one thread.
 */
public final class ChangeResolver {

  private final OrderSchema schema;
  private final boolean filtered;
  private final RowDecoder orderDecoder;
  private final @Nullable RowDecoder itemDecoder;
  private final boolean insertedOrdersHaveNoItems;
  private final OrderVersions versions;
  private final ItemOrder itemOrder;
  private final OrderIdReader ids;

  private ChangeResolver(OrderSchema schema, boolean filtered) {
    this.schema = schema;
    this.filtered = filtered;
    TableSchema items = schema.items();
    orderDecoder = new RowDecoder(schema.orders());
    itemDecoder = items == null ? null : new RowDecoder(items);
    insertedOrdersHaveNoItems = items == null || schema.itemsReferToOrders();
    versions = new OrderVersions(schema);
    itemOrder = new ItemOrder(schema);
    ids = new OrderIdReader(schema);
  }

  /** A resolver that emits every order. */
  public static ChangeResolver ofAllOrders(OrderSchema schema) {
    return new ChangeResolver(schema, false);
  }

  /** A resolver for a condition in SQL, so that each changed order is looked up. */
  public static ChangeResolver ofFilteredOrders(OrderSchema schema) {
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
   * @param lookedUp the orders that earlier resolutions of the same batch were missing
   * @return the events, or the orders to look up first
   */
  public Resolution resolve(
      List<TransactionPart> batch,
      OrderCache cache,
      DeferredVersions deferred,
      LookUpResult lookedUp) {
    Pass pass = new Pass(cache, deferred.change(), lookedUp);
    for (TransactionPart part : batch) {
      for (int index = part.from(); index < part.to(); index++) {
        pass.resolve(part.transaction(), index);
      }
    }
    return new Resolution(
        pass.events, pass.missing, pass.deferred.result(), pass.cached, pass.unraised);
  }

  /** One pass over a batch, and its results so far. */
  private final class Pass {

    private final OrderCache cache;
    private final LookUpResult lookedUp;
    private final DeferredVersions.Changes deferred;
    private final List<ResolvedEvent> events = new ArrayList<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private final Map<String, Optional<CachedOrder>> cached = new HashMap<>();
    private @Nullable UnraisedVersion unraised;

    Pass(OrderCache cache, DeferredVersions.Changes deferred, LookUpResult lookedUp) {
      this.cache = cache;
      this.deferred = deferred;
      this.lookedUp = lookedUp;
    }

    void resolve(DatabaseTransaction transaction, int index) {
      OrderChange change = transaction.orders().get(index);
      String id = change.orderId();
      CachedOrder before = find(id);
      if (change.isDeletion()) {
        // Even if an earlier look-up shows that the order was inserted again.
        cached.put(id, Optional.empty());
        emitDeletion(transaction, index, before);
      } else if (before != null && before.shows(transaction.xid())) {
        emitLookedUp(transaction, index, before);
      } else {
        CachedOrder after = filtered ? null : apply(change, before);
        if (after == null) {
          lookUp(transaction, index);
        } else {
          cached.put(id, Optional.of(after));
          emitExact(transaction, index, after);
        }
      }
    }

    private @Nullable CachedOrder find(String id) {
      Optional<CachedOrder> changed = cached.get(id);
      return changed == null ? cache.get(id) : changed.orElse(null);
    }

    private void lookUp(DatabaseTransaction transaction, int index) {
      String id = transaction.orders().get(index).orderId();
      cached.put(id, Optional.empty());
      if (!lookedUp.requested().contains(id)) {
        missing.add(id);
        return;
      }
      OrderSnapshot found = lookedUp.orders().get(id);
      if (found != null) {
        CachedOrder order =
            new CachedOrder(
                found.values(), found.items(), lookedUp.snapshot(), OrderChange.NO_VERSION);
        cached.put(id, Optional.of(order));
        emitLookedUp(transaction, index, order);
      } else {
        reached(transaction.orders().get(index));
        if (!filtered) {
          deferred.shownDeleted(id);
        }
      }
    }

    private void emitDeletion(
        DatabaseTransaction transaction, int index, @Nullable CachedOrder before) {
      OrderChange change = transaction.orders().get(index);
      deferred.deletionReached(change.orderId());
      long emitted = before == null ? OrderChange.NO_VERSION : before.emittedVersion();
      events.add(
          new ResolvedEvent(
              transaction,
              index,
              OrderEvent.deletion(
                  orderId(change.orderId()),
                  versions.ofDeletion(transaction, change, emitted),
                  transaction.committedAt(),
                  transaction.committedAt())));
    }

    private void emitExact(DatabaseTransaction transaction, int index, CachedOrder order) {
      reached(transaction.orders().get(index));
      long version = versions.of(transaction.commitLsn(), order.values());
      if (versions.areKept() && version <= order.emittedVersion() && unraised == null) {
        String id = transaction.orders().get(index).orderId();
        unraised = new UnraisedVersion(id, version, order.emittedVersion());
      }
      emit(transaction, index, order, version);
    }

    /** Emits an order as a look-up shows it, unless its version is emitted already or deferred. */
    private void emitLookedUp(DatabaseTransaction transaction, int index, CachedOrder order) {
      OrderChange change = transaction.orders().get(index);
      reached(change);
      long version = versions.of(transaction.commitLsn(), order.values());
      if (versions.areKept()) {
        if (change.writtenVersion() != OrderChange.NO_VERSION
            && change.writtenVersion() < version) {
          deferred.shown(change.orderId(), version);
          return;
        }
        if (version <= order.emittedVersion()) {
          return;
        }
      }
      emit(transaction, index, order, version);
    }

    private void emit(DatabaseTransaction transaction, int index, CachedOrder order, long version) {
      String id = transaction.orders().get(index).orderId();
      if (versions.areKept()) {
        cached.put(id, Optional.of(order.withEmittedVersion(version)));
      }
      events.add(
          new ResolvedEvent(
              transaction,
              index,
              new OrderEvent(
                  orderId(id),
                  version,
                  Kind.CHANGE,
                  transaction.committedAt(),
                  transaction.committedAt(),
                  order.values(),
                  itemOrder.sorted(order.items()))));
    }

    /** Ends the deferral of the versions up to the one that a change wrote. */
    private void reached(OrderChange change) {
      if (change.writtenVersion() != OrderChange.NO_VERSION) {
        deferred.reached(change.orderId(), change.writtenVersion());
      }
    }
  }

  /**
   * The order after a change; null if it does not follow from the change and the state before.
   *
   * @param before null if the state before is unknown
   */
  private @Nullable CachedOrder apply(OrderChange change, @Nullable CachedOrder before) {
    boolean known = before != null || (insertedOrdersHaveNoItems && change.isInsertion());
    if (!change.complete() || !known) {
      return null;
    }
    OrderState order = new OrderState(orderDecoder, itemDecoder, before);
    for (RowChange row : change.rows()) {
      if (!row.applyTo(order)) {
        return null;
      }
    }
    List<@Nullable Object> values = order.values();
    return values == null
        ? null
        : new CachedOrder(
            values,
            order.items(),
            before == null ? null : before.lookedUpIn(),
            before == null ? OrderChange.NO_VERSION : before.emittedVersion());
  }
}
