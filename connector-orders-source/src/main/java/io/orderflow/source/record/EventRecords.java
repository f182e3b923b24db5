package io.orderflow.source.record;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.ShopTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Makes records of Connect from order events; keeps the schemas of the last layout. One thread. */
public final class EventRecords {

  private final ShopTables tables;
  private final String topic;

  private @Nullable Shape shape;

  /** Where a layout's values go in an event. */
  private record Shape(Layout layout, EventSchemas schemas, List<@Nullable Field> order) {}

  public EventRecords(ShopTables tables, String topic) {
    this.tables = tables;
    this.topic = topic;
  }

  /** The records of the events, in their order. */
  public List<SourceRecord> of(Layout layout, List<OrderEvent> events) {
    return of(layout, events, null);
  }

  /**
   * The records of the events, in their order.
   *
   * @param partition what to send them with in place of their own, which it equals; null for their
   *     own
   */
  public List<SourceRecord> of(
      Layout layout, List<OrderEvent> events, @Nullable Map<String, Object> partition) {
    Shape current = shapeOf(layout);
    List<SourceRecord> records = new ArrayList<>(events.size());
    for (OrderEvent event : events) {
      records.add(record(current, event, partition));
    }
    return records;
  }

  private Shape shapeOf(Layout layout) {
    Shape known = shape;
    if (known != null && known.layout().equals(layout)) {
      return known;
    }
    EventSchemas schemas = EventSchemas.of(tables, layout);
    List<@Nullable Field> order = new ArrayList<>();
    layout.orders().columns().forEach(column -> order.add(schemas.value().field(column.name())));
    layout.orders().indexOf(layout.changeXid()).ifPresent(index -> order.set(index, null));
    Shape made = new Shape(layout, schemas, order);
    shape = made;
    return made;
  }

  private SourceRecord record(
      Shape current, OrderEvent event, @Nullable Map<String, Object> partition) {
    boolean deleted = event.kind() == OrderEvent.Kind.DELETE;
    return new OrderRecord(
        partition == null ? event.partition() : partition,
        event.position().toMap(),
        topic,
        current.schemas().key(),
        event.id(),
        deleted ? null : current.schemas().value(),
        deleted ? null : value(current, event),
        event.committedAt(),
        headers(event));
  }

  private static Struct value(Shape current, OrderEvent event) {
    Schema schema = current.schemas().value();
    @Nullable Object[] values = new @Nullable Object[schema.fields().size()];
    List<@Nullable Object> columns = event.order();
    for (int i = 0; i < columns.size(); i++) {
      Field field = current.order().get(i);
      if (field != null) {
        values[field.index()] = columns.get(i);
      }
    }
    values[schema.field(OrderEvents.VERSION).index()] = event.version();
    Schema ofItem = current.schemas().item();
    if (ofItem != null) {
      List<Struct> items = new ArrayList<>(event.items().size());
      for (List<@Nullable Object> item : event.items()) {
        items.add(new RowStruct(ofItem, item.toArray()));
      }
      values[schema.field(OrderEvents.ITEMS).index()] = items;
    }
    return new RowStruct(schema, values);
  }

  private static Headers headers(OrderEvent event) {
    Headers headers = new ConnectHeaders();
    headers.addString(OrderEvents.KIND_HEADER, event.kind().label());
    headers.add(OrderEvents.POSITION_HEADER, event.position().number(), Schema.INT64_SCHEMA);
    if (event.version() >= 0) {
      headers.add(OrderEvents.VERSION_HEADER, event.version(), Schema.INT64_SCHEMA);
    }
    Long committedAt = event.committedAt();
    if (committedAt != null) {
      headers.add(OrderEvents.COMMIT_TIME_HEADER, committedAt, Schema.INT64_SCHEMA);
    }
    return headers;
  }
}
