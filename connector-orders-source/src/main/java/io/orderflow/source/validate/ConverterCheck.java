package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.EventSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.CompositeIdFormat;
import io.orderflow.source.schema.EventNames;
import io.orderflow.source.schema.NameAdjustment;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Checks that the converter of the connector's configuration accepts the names in events. Avro and
 * Protobuf refuse most characters, and the task would stop at its first event. The worker's own
 * converter, which is used if the configuration names none, is not visible here.
 */
record ConverterCheck(
    CapturedTables tables, CompositeIdFormat compositeId, Map<String, String> connector) {

  private static final String VALUES = "value.converter";
  private static final String KEYS = "key.converter";

  /** With this setting, Confluent's converters adjust names themselves. */
  private static final String SCRUB = ".scrub.invalid.names";

  static ConverterCheck of(OrdersSourceConfig config) {
    return new ConverterCheck(
        config.tables(), config.events().compositeId(), config.originalsStrings());
  }

  List<Finding> findings(OrderSchema schema) {
    Optional<String> ofValues = strictConverter(VALUES);
    if (ofValues.isPresent()) {
      return findings(ofValues.get(), schema);
    }
    // A key that is no struct has no names.
    boolean structs = schema.ids().isComposite() && compositeId == CompositeIdFormat.STRUCT;
    return structs
        ? strictConverter(KEYS).map(converter -> findingsOfKey(converter, schema)).orElse(List.of())
        : List.of();
  }

  private List<Finding> findingsOfKey(String converter, OrderSchema schema) {
    List<Finding> findings = new ArrayList<>();
    if (!isValid(tables.orders())) {
      findings.add(
          finding(EventSettings.SCHEMA_NAMES, converter, "schema", tables.orders().toString()));
    }
    EventNames names = new EventNames(tables);
    List<String> fields =
        schema.ids().names().stream()
            .flatMap(column -> names.ofOrder(schema, column).stream())
            .filter(name -> !NameAdjustment.isValid(name))
            .toList();
    if (!fields.isEmpty()) {
      findings.add(
          finding(EventSettings.FIELD_NAMES, converter, "field", String.join(", ", fields)));
    }
    return findings;
  }

  private List<Finding> findings(String converter, OrderSchema schema) {
    List<Finding> findings = new ArrayList<>();
    List<String> schemas =
        Stream.of(tables.orders(), tables.items())
            .filter(table -> table != null && !isValid(table))
            .map(String::valueOf)
            .toList();
    if (!schemas.isEmpty()) {
      findings.add(
          finding(EventSettings.SCHEMA_NAMES, converter, "schema", String.join(", ", schemas)));
    }
    List<String> fields = invalidFields(schema);
    if (!fields.isEmpty()) {
      findings.add(
          finding(EventSettings.FIELD_NAMES, converter, "field", String.join(", ", fields)));
    }
    return findings;
  }

  private boolean isValid(TableName table) {
    NameAdjustment adjustment = tables.columns().names().schemas();
    return NameAdjustment.isValid(adjustment.adjust(table.schema()))
        && NameAdjustment.isValid(adjustment.adjust(table.table()));
  }

  private List<String> invalidFields(OrderSchema schema) {
    EventNames names = new EventNames(tables);
    TableSchema items = schema.items();
    Stream<String> ofOrders =
        schema.orders().columns().stream()
            .map(Column::name)
            .flatMap(column -> names.ofOrder(schema, column).stream());
    Stream<String> ofItems =
        items == null
            ? Stream.of()
            : items.columns().stream()
                .map(Column::name)
                .map(names::ofItem)
                .filter(name -> !NameAdjustment.isValid(name))
                .map(name -> OrderEvents.ITEMS + "." + name);
    return List.copyOf(
        new TreeSet<>(
            Stream.concat(ofOrders.filter(name -> !NameAdjustment.isValid(name)), ofItems)
                .toList()));
  }

  /** The converter, if it is one that refuses such names. */
  private Optional<String> strictConverter(String key) {
    String converter = connector.getOrDefault(key, "");
    String name = converter.substring(converter.lastIndexOf('.') + 1);
    boolean strict = name.contains("Avro") || name.contains("Protobuf");
    return strict && !Boolean.parseBoolean(connector.get(key + SCRUB))
        ? Optional.of(name)
        : Optional.empty();
  }

  private static Finding finding(String key, String converter, String kind, String names) {
    return new Finding(
        key,
        "%s accepts only letters, digits and underscores in names, but events have these %s names: %s; set %s=avro (each other character becomes an underscore) or avro_unicode (its code)"
            .formatted(converter, kind, names, key));
  }
}
