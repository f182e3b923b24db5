package io.orderflow.source.log.change;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.OrderEvent.Kind;
import io.orderflow.source.log.change.OrderCache.CachedOrder;
import io.orderflow.source.log.change.Resolution.ResolvedEvent;
import io.orderflow.source.offset.EmittedAhead;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.value.OrderIdReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the events of a batch, and knows which of them are ahead of the log. For one thread. */
final class ResolvedEvents {

  private final OrderVersions versions;
  private final ItemOrder itemOrder;
  private final OrderIdReader ids;
  private final List<ResolvedEvent> events = new ArrayList<>();
  private EmittedAhead ahead;

  /**
   * Starts without events.
   *
   * @param ahead the orders whose events are ahead of the log before the batch
   */
  ResolvedEvents(OrderSchema schema, EmittedAhead ahead) {
    this.versions = new OrderVersions(schema);
    this.itemOrder = new ItemOrder(schema);
    this.ids = new OrderIdReader(schema);
    this.ahead = ahead;
  }

  /** The events so far. */
  List<ResolvedEvent> all() {
    return events;
  }

  /** Whether an earlier event of an order contains the changes of a transaction. */
  boolean contain(String orderId, long xid) {
    EmittedAhead.Order emitted = ahead.get(orderId);
    return emitted != null && emitted.contains(xid);
  }

  /**
   * The version that was emitted last; {@link OrderChange#NO_VERSION} if that is unknown.
   *
   * @param order the order's state; null if it is unknown
   */
  long lastVersion(String orderId, @Nullable CachedOrder order) {
    if (order != null) {
      return order.emittedVersion();
    }
    EmittedAhead.Order emitted = ahead.get(orderId);
    return emitted == null ? OrderChange.NO_VERSION : emitted.version();
  }

  /**
   * Adds the event of an order that exists.
   *
   * @param values of the order's row
   * @param lookedUpUntil a position after everything that look-ups have shown
   */
  void add(
      DatabaseTransaction transaction,
      int index,
      CachedOrder order,
      List<@Nullable Object> values,
      long version,
      Lsn lookedUpUntil) {
    OrderChange change = transaction.orders().get(index);
    noteAhead(change, order, version, lookedUpUntil);
    Object id = ids.read(change.orderId());
    long committedAt = transaction.committedAt();
    add(
        transaction,
        index,
        order.countsAsDeleted()
            ? OrderEvent.deletion(id, version, committedAt, committedAt)
            : new OrderEvent(
                id,
                version,
                Kind.CHANGE,
                committedAt,
                committedAt,
                values,
                itemOrder.sorted(order.items())));
  }

  /** Unless the version's own change is this one, or was reached before. */
  private void noteAhead(OrderChange change, CachedOrder order, long version, Lsn lookedUpUntil) {
    TransactionSnapshot lookedUpIn = order.lookedUpIn();
    if (versions.areKept()
        && lookedUpIn != null
        && change.writtenVersion() == OrderChange.NO_VERSION
        && order.emittedVersion() != version) {
      ahead =
          ahead.with(change.orderId(), new EmittedAhead.Order(version, lookedUpIn, lookedUpUntil));
    }
  }

  /**
   * Adds the event of a deletion.
   *
   * @param before the order's state; null if it is unknown
   */
  void addDeletion(DatabaseTransaction transaction, int index, @Nullable CachedOrder before) {
    OrderChange change = transaction.orders().get(index);
    long last = lastVersion(change.orderId(), before);
    ahead = ahead.without(change.orderId());
    long committedAt = transaction.committedAt();
    add(
        transaction,
        index,
        OrderEvent.deletion(
            ids.read(change.orderId()),
            versions.ofDeletion(transaction, change, last),
            committedAt,
            committedAt));
  }

  private void add(DatabaseTransaction transaction, int index, OrderEvent event) {
    events.add(new ResolvedEvent(transaction, index, event, ahead));
  }
}
