package io.orderflow.source.record;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.event.CompositeId;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.ColumnRules.TableRules;
import io.orderflow.source.schema.ColumnType;
import io.orderflow.source.schema.ColumnType.Scalar;
import io.orderflow.source.schema.CompositeIdFormat;
import io.orderflow.source.schema.EventNames;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Connect's schemas for a schema of the captured tables.
 *
 * @param key of the order ID
 * @param value of the order with its items
 * @param item of one of its items; null if events have none
 */
record EventSchemas(Schema key, Schema value, @Nullable Schema item) {

  /** The schema name of texts that are JSON documents, which Debezium introduced. */
  static final String JSON = "io.debezium.data.Json";

  static EventSchemas of(CapturedTables tables, OrderSchema schema, CompositeIdFormat format) {
    ColumnRules rules = tables.columns();
    EventNames names = new EventNames(tables);
    TableName itemsName = tables.items();
    TableSchema items = schema.items();
    SchemaBuilder value = struct(names.schema(tables.orders()), schema);
    for (Column column : schema.orders().columns()) {
      if (names.isVersion(schema, column.name())) {
        // A version column of this name is the event's version, a long whatever its type.
        value.field(OrderEvents.VERSION, Schema.INT64_SCHEMA);
      } else {
        names
            .ofOrder(schema, column.name())
            .ifPresent(name -> value.field(name, field(column, rules.orders())));
      }
    }
    if (value.field(OrderEvents.VERSION) == null) {
      value.field(OrderEvents.VERSION, Schema.INT64_SCHEMA);
    }
    Schema item = null;
    if (itemsName != null && items != null) {
      SchemaBuilder builder = struct(names.schema(itemsName), schema);
      items
          .columns()
          .forEach(
              column -> builder.field(names.ofItem(column.name()), field(column, rules.items())));
      item = builder.build();
      value.field(OrderEvents.ITEMS, SchemaBuilder.array(item).build());
    }
    return new EventSchemas(
        key(names.schema(tables.orders()) + ".Key", names, schema, format), value.build(), item);
  }

  private static Schema key(
      String name, EventNames names, OrderSchema schema, CompositeIdFormat format) {
    OrderIdColumns ids = schema.ids();
    if (!ids.isComposite()) {
      return key(ids.types().get(0));
    }
    if (format == CompositeIdFormat.TEXT) {
      return Schema.STRING_SCHEMA;
    }
    SchemaBuilder key = SchemaBuilder.struct().name(name);
    for (int i = 0; i < ids.count(); i++) {
      String column = ids.names().get(i);
      key.field(names.ofOrder(schema, column).orElse(column), key(ids.types().get(i)));
    }
    return key.build();
  }

  private static Schema key(OrderIdType type) {
    return switch (type) {
      case BIGINT -> Schema.INT64_SCHEMA;
      case INTEGER -> Schema.INT32_SCHEMA;
      case UUID, TEXT -> Schema.STRING_SCHEMA;
    };
  }

  /** The key of an order's records. */
  Object keyOf(Object id) {
    if (!(id instanceof CompositeId composite)) {
      return id;
    }
    if (key.type() == Schema.Type.STRING) {
      return composite.toString();
    }
    Struct struct = new Struct(key);
    for (int i = 0; i < composite.parts().size(); i++) {
      struct.put(key.fields().get(i), composite.parts().get(i));
    }
    return struct;
  }

  private static SchemaBuilder struct(String name, OrderSchema schema) {
    return SchemaBuilder.struct().name(name).version(schema.schemaVersion());
  }

  /** Sets no default of null, since Avro converters assume it for every optional field. */
  private static Schema field(Column column, TableRules rules) {
    SchemaBuilder builder =
        rules.hashed().contains(column.name()) ? SchemaBuilder.string() : of(column.type());
    return (column.nullable() ? builder.optional() : builder).build();
  }

  private static SchemaBuilder of(ColumnType type) {
    if (type instanceof ColumnType.Decimal decimal) {
      return Decimal.builder(decimal.scale());
    }
    if (type instanceof ColumnType.Array array) {
      return SchemaBuilder.array(of(array.element()).optional().build());
    }
    return switch ((Scalar) type) {
      case BOOLEAN -> SchemaBuilder.bool();
      case INT16 -> SchemaBuilder.int16();
      case INT32 -> SchemaBuilder.int32();
      case INT64 -> SchemaBuilder.int64();
      case FLOAT32 -> SchemaBuilder.float32();
      case FLOAT64 -> SchemaBuilder.float64();
      case TEXT, NUMBER_TEXT, OTHER, VOLATILE_TEXT -> SchemaBuilder.string();
      case JSON -> SchemaBuilder.string().name(JSON);
      case BYTES -> SchemaBuilder.bytes();
      case DATE -> Date.builder();
      case TIME -> Time.builder();
      case TIMESTAMP, TIMESTAMP_WITH_ZONE -> Timestamp.builder();
    };
  }
}
