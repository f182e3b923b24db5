package io.orderflow.source.record;

import io.opentelemetry.api.trace.Span;
import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.trace.Tracing;
import io.orderflow.source.config.ColumnSettings;
import io.orderflow.source.config.ConverterForm;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.config.OversizedEventSettings;
import io.orderflow.source.event.EmittedEvent;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.offset.SourceOffset;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.ColumnRules.TableRules;
import io.orderflow.source.schema.CompositeIdFormat;
import io.orderflow.source.schema.EventNames;
import io.orderflow.source.schema.HashKey;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Creates records of Connect from order events; caches the schemas of the last one. One thread. */
public final class EventRecords {

  private static final Tracing TRACING = Tracing.global("io.orderflow.source");

  private final CapturedTables tables;
  private final String topic;
  private final CompositeIdFormat compositeId;
  private final TraceHeader trace;
  private final OversizedEvents oversized;
  private final ConverterForm form;
  private final @Nullable HashedValues hashes;

  private @Nullable Mapping mapping;

  /**
   * The fields of a schema's columns in an event.
   *
   * @param sizes of the events
   * @param trace index of the column with the trace context; -1 if there is none
   */
  private record Mapping(
      OrderSchema schema,
      EventSchemas schemas,
      EventSize sizes,
      List<FieldOfColumn> order,
      List<FieldOfColumn> item,
      int trace) {}

  /** The field of a column's values; null if events do not contain them. */
  private record FieldOfColumn(@Nullable Field field, boolean hashed) {}

  /**
   * Creates records as configured.
   *
   * @param markerEmitted called for each order whose event is too large, if a marker is emitted
   *     instead
   */
  public EventRecords(OrdersSourceConfig config, Runnable markerEmitted) {
    this.tables = config.tables();
    this.topic = config.events().topic();
    this.compositeId = config.events().compositeId();
    this.trace = new TraceHeader(tables.orders(), topic, TRACING, InstantSource.system());
    OversizedEventSettings settings = config.oversizedEvents();
    this.oversized =
        new OversizedEvents(tables.orders(), settings, markerEmitted, InstantSource.system());
    this.form = settings.form();
    HashKey key = tables.columns().key();
    this.hashes = key == null ? null : new HashedValues(key);
  }

  /** The records of some events, in their order. */
  public List<SourceRecord> of(OrderSchema schema, List<EmittedEvent> events) {
    Mapping current = mappingOf(schema);
    return events.stream().map(event -> record(current, event, event.partition())).toList();
  }

  /**
   * The records of some events, in their order.
   *
   * @param partition to send them with instead of their own, to which it is equal
   */
  public List<SourceRecord> of(
      OrderSchema schema, List<EmittedEvent> events, Map<String, Object> partition) {
    Mapping current = mappingOf(schema);
    return events.stream().map(event -> record(current, event, partition)).toList();
  }

  private SourceRecord record(
      Mapping current, EmittedEvent emitted, Map<String, Object> partition) {
    OrderEvent event = emitted.event();
    Object key = current.schemas().keyOf(event.id());
    if (event.kind() == OrderEvent.Kind.DELETE) {
      Headers headers = headers(event, emitted.offset(), event.kind().label());
      return record(current, emitted, partition, topic, key, null, headers, null);
    }
    RowStruct value = value(current, event);
    long oversize = oversized.oversize(current.sizes(), key, value);
    if (oversize > 0) {
      Struct marker = oversized.marker(event, oversize);
      Headers headers = headers(event, emitted.offset(), OrderEvents.OVERSIZED);
      return record(current, emitted, partition, oversized.topic(), key, marker, headers, null);
    }
    Headers headers = headers(event, emitted.offset(), event.kind().label());
    Span sending =
        current.trace() < 0 ? null : trace.add(event, event.values().get(current.trace()), headers);
    return record(current, emitted, partition, topic, key, value, headers, sending);
  }

  private static SourceRecord record(
      Mapping current,
      EmittedEvent emitted,
      Map<String, Object> partition,
      String topic,
      Object key,
      @Nullable Struct value,
      Headers headers,
      @Nullable Span sending) {
    OrderEvent event = emitted.event();
    return new OrderRecord(
        partition,
        emitted.offset().toMap(),
        topic,
        current.schemas().key(),
        key,
        value == null ? null : value.schema(),
        value,
        event.timestamp(),
        headers,
        sending);
  }

  private Mapping mappingOf(OrderSchema schema) {
    Mapping known = mapping;
    if (known != null && known.schema().equals(schema)) {
      return known;
    }
    EventSchemas schemas = EventSchemas.of(tables, schema, compositeId);
    ColumnRules rules = tables.columns();
    EventNames names = new EventNames(tables);
    TableSchema items = schema.items();
    Schema itemSchema = schemas.item();
    Mapping created =
        new Mapping(
            schema,
            schemas,
            new EventSize(form, schemas.value(), itemSchema),
            fieldsOf(
                schema.orders(),
                schemas.value(),
                rules.orders(),
                // The event's own field of this name is not set from the column.
                column ->
                    names.isVersion(schema, column)
                        ? Optional.empty()
                        : names.ofOrder(schema, column)),
            items == null || itemSchema == null
                ? List.of()
                : fieldsOf(
                    items, itemSchema, rules.items(), column -> Optional.of(names.ofItem(column))),
            rules.traceparent() == null
                ? -1
                : schema.orders().indexOf(rules.traceparent()).orElseThrow());
    mapping = created;
    return created;
  }

  private static List<FieldOfColumn> fieldsOf(
      TableSchema table,
      Schema schema,
      TableRules rules,
      Function<String, Optional<String>> fieldNames) {
    return table.columns().stream()
        .map(Column::name)
        .map(
            name ->
                new FieldOfColumn(
                    fieldNames.apply(name).map(schema::field).orElse(null),
                    rules.hashed().contains(name)))
        .toList();
  }

  /** Notes that Kafka has a record; ignores records that were not created here. */
  public static void sent(SourceRecord record) {
    if (record instanceof OrderRecord order) {
      order.sent();
    }
  }

  private RowStruct value(Mapping current, OrderEvent event) {
    Schema schema = current.schemas().value();
    @Nullable Object[] values = row(schema, current.order(), event.values());
    values[schema.field(OrderEvents.VERSION).index()] = event.version();
    Schema itemSchema = current.schemas().item();
    if (itemSchema != null) {
      List<Struct> items = new ArrayList<>(event.items().size());
      for (List<@Nullable Object> item : event.items()) {
        items.add(new RowStruct(itemSchema, row(itemSchema, current.item(), item)));
      }
      values[schema.field(OrderEvents.ITEMS).index()] = items;
    }
    return new RowStruct(schema, values);
  }

  /** The values of a struct's fields, in their order. */
  private @Nullable Object[] row(
      Schema schema, List<FieldOfColumn> fields, List<@Nullable Object> columns) {
    @Nullable Object[] values = new @Nullable Object[schema.fields().size()];
    for (int i = 0; i < columns.size(); i++) {
      FieldOfColumn target = fields.get(i);
      Field field = target.field();
      if (field != null) {
        values[field.index()] = target.hashed() ? hashed(columns.get(i)) : columns.get(i);
      }
    }
    return values;
  }

  private @Nullable String hashed(@Nullable Object value) {
    return Objects.requireNonNull(hashes, ColumnSettings.HASH + " has no key").of(value);
  }

  private static Headers headers(OrderEvent event, SourceOffset offset, String kind) {
    Headers headers = new ConnectHeaders();
    headers.addString(OrderEvents.KIND_HEADER, kind);
    headers.add(OrderEvents.OFFSET_HEADER, offset.position(), Schema.INT64_SCHEMA);
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
