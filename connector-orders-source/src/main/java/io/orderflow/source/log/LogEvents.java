package io.orderflow.source.log;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.ItemOrder;
import io.orderflow.source.log.change.Told;
import io.orderflow.source.log.change.Versions;
import io.orderflow.source.log.snapshot.Chunk;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.schema.OrderSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes order events with their positions, and keeps count of where the capture stands. For one
 * thread.
 */
public final class LogEvents {

  private final Map<String, Object> partition;
  private LogOffset position;

  /** Events whose values follow one layout. */
  public record Group(OrderSchema layout, List<OrderEvent> events) {}

  LogEvents(Map<String, Object> partition, LogOffset position) {
    this.partition = partition;
    this.position = position;
  }

  LogOffset position() {
    return position;
  }

  /** All transactions up to here are told. */
  void passed(long lsn) {
    if (lsn > position.lsn()) {
      position = position.at(lsn);
    }
  }

  /** What was told of some transactions, in their order. */
  List<Group> changes(List<Told> all) {
    List<Group> groups = new ArrayList<>();
    for (Told told : all) {
      DatabaseTransaction transaction = told.transaction();
      boolean last = told.place() == transaction.orders().size() - 1;
      position =
          last
              ? position.at(transaction.endLsn())
              : position.within(transaction.commitLsn(), told.place() + 1);
      add(
          groups,
          told.layout(),
          new OrderEvent(
              partition,
              position,
              told.id(),
              told.version(),
              told.kind(),
              transaction.committedAt(),
              told.values(),
              told.items()));
    }
    return groups;
  }

  /** A chunk of the load: its version is just before what the log tells next. */
  List<Group> loaded(Chunk chunk) {
    Versions versions = new Versions(chunk.layout());
    ItemOrder itemOrder = new ItemOrder(chunk.layout());
    // After another capture the load tells only what has changed since.
    OrderEvent.Kind kind = position.turn() == 0 ? OrderEvent.Kind.SNAPSHOT : OrderEvent.Kind.CHANGE;
    List<OrderEvent> events = new ArrayList<>(chunk.orders().size());
    int left = chunk.orders().size();
    for (OrderSnapshot order : chunk.orders()) {
      left--;
      position =
          left == 0 && chunk.last() ? position.loaded() : position.loadedTo(order.id().toString());
      events.add(
          new OrderEvent(
              partition,
              position,
              order.id(),
              versions.of(chunk.highLsn() - 1, order.values()),
              kind,
              null,
              order.values(),
              itemOrder.sorted(order.items())));
    }
    String lastId = chunk.lastId();
    position = lastId == null ? position.loaded() : position.loadedTo(lastId);
    return events.isEmpty() ? List.of() : List.of(new Group(chunk.layout(), events));
  }

  @SuppressWarnings("ReferenceEquality") // Equal ones in two groups do no harm, and it is quick.
  private static void add(List<Group> groups, OrderSchema layout, OrderEvent event) {
    if (groups.isEmpty() || groups.get(groups.size() - 1).layout() != layout) {
      groups.add(new Group(layout, new ArrayList<>()));
    }
    groups.get(groups.size() - 1).events().add(event);
  }
}
