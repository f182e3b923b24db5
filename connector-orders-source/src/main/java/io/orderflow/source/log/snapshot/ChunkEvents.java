package io.orderflow.source.log.snapshot;

import io.orderflow.source.event.EmittedEvent;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.change.ItemOrder;
import io.orderflow.source.log.change.OrderVersions;
import io.orderflow.source.offset.EmittedAhead;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.OrderSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The events of a chunk.
 *
 * @param schema the schema of the events' values
 * @param offset the offset once they are delivered
 */
public record ChunkEvents(OrderSchema schema, List<EmittedEvent> events, LogOffset offset) {

  /**
   * Creates the events of a chunk. If log positions are the versions, theirs is just below that of
   * any later change.
   */
  static ChunkEvents of(Chunk chunk, Map<String, Object> partition, LogOffset before) {
    OrderVersions versions = new OrderVersions(chunk.schema());
    ItemOrder itemOrder = new ItemOrder(chunk.schema());
    Lsn version = new Lsn(chunk.highWatermark().value() - 1);
    // After a handover, the initial snapshot contains only orders that have changed since.
    OrderEvent.Kind kind = before.epoch() == 0 ? OrderEvent.Kind.SNAPSHOT : OrderEvent.Kind.CHANGE;
    String lastId = chunk.lastId();
    LogOffset end =
        lastId == null ? before.withSnapshotComplete() : before.withSnapshotReached(lastId);
    EmittedAhead ahead = before.known().emittedAhead();
    // Orders that counted as deleted before capture began were never emitted.
    List<OrderSnapshot> orders =
        chunk.orders().stream()
            .filter(order -> !order.deleted() || kind == OrderEvent.Kind.CHANGE)
            .filter(
                order ->
                    ahead.orders().isEmpty()
                        || !isEmittedNewer(order, versions.of(version, order.values()), ahead))
            .toList();
    List<EmittedEvent> events = new ArrayList<>(orders.size());
    for (int i = 0; i < orders.size(); i++) {
      OrderSnapshot order = orders.get(i);
      boolean last = i == orders.size() - 1;
      long orderVersion = versions.of(version, order.values());
      events.add(
          new EmittedEvent(
              partition,
              last ? end : before.withSnapshotReached(order.id().toString()),
              order.deleted()
                  ? OrderEvent.deletion(order.id(), orderVersion, null, chunk.readAt())
                  : new OrderEvent(
                      order.id(),
                      orderVersion,
                      kind,
                      null,
                      chunk.readAt(),
                      order.values(),
                      itemOrder.sorted(order.items()))));
    }
    return new ChunkEvents(chunk.schema(), events, end);
  }

  /**
   * Whether the stream has emitted a later version, from a look-up that was newer than the chunk.
   * That version's own change may not be streamed yet, and is not emitted again.
   */
  private static boolean isEmittedNewer(OrderSnapshot order, long version, EmittedAhead ahead) {
    EmittedAhead.Order emitted = ahead.get(order.id().toString());
    return emitted != null && emitted.version() > version;
  }
}
