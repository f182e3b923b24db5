package io.orderflow.source.record;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.trace.Tracing;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.HashKey;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableRules;
import io.orderflow.source.schema.TableSchema;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Makes records of Connect from order events; keeps the schemas of the last layout. One thread. */
public final class EventRecords {

  private static final Tracing TRACING = Tracing.global("io.orderflow.source");

  private final CapturedTables tables;
  private final String topic;
  private final TraceHeader trace;
  private final @Nullable HashedValues hashes;

  private @Nullable Shape shape;

  /** Where a layout's values go in an event; the trace's index is -1 where there is none. */
  private record Shape(
      OrderSchema layout, EventSchemas schemas, List<Place> order, List<Place> item, int trace) {}

  /** Where a column's values go; nowhere without a field. */
  private record Place(@Nullable Field field, boolean hashed) {}

  public EventRecords(CapturedTables tables, String topic) {
    this.tables = tables;
    this.topic = topic;
    this.trace = new TraceHeader(tables.orders(), topic, TRACING, InstantSource.system());
    HashKey key = tables.columns().key();
    this.hashes = key == null ? null : new HashedValues(key);
  }

  /** The records of the events, in their order. */
  public List<SourceRecord> of(OrderSchema layout, List<OrderEvent> events) {
    return of(layout, events, null);
  }

  /**
   * The records of the events, in their order.
   *
   * @param partition what to send them with in place of their own, which it equals; null for their
   *     own
   */
  public List<SourceRecord> of(
      OrderSchema layout, List<OrderEvent> events, @Nullable Map<String, Object> partition) {
    Shape current = shapeOf(layout);
    List<SourceRecord> records = new ArrayList<>(events.size());
    for (OrderEvent event : events) {
      records.add(record(current, event, partition));
    }
    return records;
  }

  private Shape shapeOf(OrderSchema layout) {
    Shape known = shape;
    if (known != null && known.layout().equals(layout)) {
      return known;
    }
    EventSchemas schemas = EventSchemas.of(tables, layout);
    ColumnRules rules = tables.columns();
    TableSchema items = layout.items();
    Schema ofItem = schemas.item();
    Shape made =
        new Shape(
            layout,
            schemas,
            // The version is the event's own, whatever the column of that name holds.
            places(layout.orders(), schemas.value(), rules.orders(), OrderEvents.VERSION),
            items == null || ofItem == null ? List.of() : places(items, ofItem, rules.items(), ""),
            rules.traceparent() == null
                ? -1
                : layout.orders().indexOf(rules.traceparent()).orElseThrow());
    shape = made;
    return made;
  }

  private static List<Place> places(
      TableSchema table, Schema schema, TableRules rules, String without) {
    return table.columns().stream()
        .map(Column::name)
        .map(
            name ->
                new Place(
                    name.equals(without) ? null : schema.field(name),
                    rules.hashed().contains(name)))
        .toList();
  }

  private SourceRecord record(
      Shape current, OrderEvent event, @Nullable Map<String, Object> partition) {
    boolean deleted = event.kind() == OrderEvent.Kind.DELETE;
    Headers headers = headers(event);
    return new OrderRecord(
        partition == null ? event.partition() : partition,
        event.position().toMap(),
        topic,
        current.schemas().key(),
        event.id(),
        deleted ? null : current.schemas().value(),
        deleted ? null : value(current, event),
        event.committedAt(),
        headers,
        deleted || current.trace() < 0
            ? null
            : trace.add(event, event.order().get(current.trace()), headers));
  }

  /** Kafka has a record that was made here; another one is left alone. */
  public static void sent(SourceRecord record) {
    if (record instanceof OrderRecord order) {
      order.sent();
    }
  }

  private Struct value(Shape current, OrderEvent event) {
    Schema schema = current.schemas().value();
    @Nullable Object[] values = row(schema, current.order(), event.order());
    values[schema.field(OrderEvents.VERSION).index()] = event.version();
    Schema ofItem = current.schemas().item();
    if (ofItem != null) {
      List<Struct> items = new ArrayList<>(event.items().size());
      for (List<@Nullable Object> item : event.items()) {
        items.add(new RowStruct(ofItem, row(ofItem, current.item(), item)));
      }
      values[schema.field(OrderEvents.ITEMS).index()] = items;
    }
    return new RowStruct(schema, values);
  }

  /** The values of a struct's fields, in their order. */
  private @Nullable Object[] row(
      Schema schema, List<Place> places, List<@Nullable Object> columns) {
    @Nullable Object[] values = new @Nullable Object[schema.fields().size()];
    for (int i = 0; i < columns.size(); i++) {
      Place place = places.get(i);
      Field field = place.field();
      if (field != null) {
        values[field.index()] = place.hashed() ? hashed(columns.get(i)) : columns.get(i);
      }
    }
    return values;
  }

  private @Nullable String hashed(@Nullable Object value) {
    return Objects.requireNonNull(hashes, "columns.hash has no key").of(value);
  }

  private static Headers headers(OrderEvent event) {
    Headers headers = new ConnectHeaders();
    headers.addString(OrderEvents.KIND_HEADER, event.kind().label());
    headers.add(OrderEvents.OFFSET_HEADER, event.position().number(), Schema.INT64_SCHEMA);
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
