package io.orderflow.source.catalog;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.ColumnSettings;
import io.orderflow.source.config.EventSettings;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.EventNames;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks that each field of an event has a name of its own: two columns must not become one field,
 * and no column may take the place of the version or of the items.
 */
record EventNameCheck(CapturedTables tables, OrderSchema schema, EventNames names) {

  EventNameCheck(CapturedTables tables, OrderSchema schema) {
    this(tables, schema, new EventNames(tables));
  }

  void check() {
    Map<String, String> fields = new HashMap<>();
    for (Column column : schema.orders().columns()) {
      names
          .ofOrder(schema, column.name())
          .ifPresent(field -> add(fields, tables.ordersRead(), column.name(), field));
    }
    String version = fields.get(OrderEvents.VERSION);
    if (version != null && !names.isVersion(schema, version)) {
      throw versionIsTaken(version);
    }
    TableName items = tables.items();
    TableSchema itemsSchema = schema.items();
    if (items != null && itemsSchema != null) {
      String ofItems = fields.get(OrderEvents.ITEMS);
      if (ofItems != null) {
        throw itemsAreTaken(ofItems);
      }
      TableName view = tables.reading().itemsView();
      TableName itemsRead = view == null ? items : view;
      Map<String, String> itemFields = new HashMap<>();
      for (Column column : itemsSchema.columns()) {
        add(itemFields, itemsRead, column.name(), names.ofItem(column.name()));
      }
      checkSchemas(items);
    }
  }

  private void add(Map<String, String> fields, TableName table, String column, String field) {
    String other = fields.put(field, column);
    if (other != null) {
      String prefix = table.equals(tables.itemsRead()) ? ColumnSettings.ITEMS_PREFIX : "";
      throw new UnusableTablesException(
          ColumnSettings.RENAME,
          "the columns %s and %s of %s both become the field %s of events; exclude one of them (%s) or give it another name, such as %s%s:%s_2"
              .formatted(
                  other, column, table, field, ColumnSettings.EXCLUDE, prefix, column, field));
    }
  }

  private UnusableTablesException versionIsTaken(String column) {
    return new UnusableTablesException(
        TableSettings.VERSION_COLUMN,
        "the column %1$s of %2$s would be the field version of events, which has the order's version. If the column grows with every change of the order or its items, set %3$s=%1$s; otherwise exclude it, %4$s=%1$s, or give it another name in events, %5$s=%1$s:row_version"
            .formatted(
                column,
                tables.ordersRead(),
                TableSettings.VERSION_COLUMN,
                ColumnSettings.EXCLUDE,
                ColumnSettings.RENAME));
  }

  private UnusableTablesException itemsAreTaken(String column) {
    return new UnusableTablesException(
        ColumnSettings.RENAME,
        "the column %1$s of %2$s would be the field items of events, which has the order's items. Exclude it, %3$s=%1$s, or give it another name in events, %4$s=%1$s:items_column"
            .formatted(column, tables.ordersRead(), ColumnSettings.EXCLUDE, ColumnSettings.RENAME));
  }

  private void checkSchemas(TableName items) {
    if (names.schema(items).equals(names.schema(tables.orders()))) {
      throw new UnusableTablesException(
          EventSettings.SCHEMA_NAMES,
          "%s and %s both become the schema %s of events; set avro_unicode, under which their names differ, or rename a table"
              .formatted(tables.orders(), items, names.schema(items)));
    }
  }
}
