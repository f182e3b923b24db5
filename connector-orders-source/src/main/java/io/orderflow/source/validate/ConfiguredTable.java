package io.orderflow.source.validate;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import java.util.List;

/** A table that a capture follows, and the setting that names it. */
record ConfiguredTable(String key, TableName table) {

  /** The orders table, the items table if there is one, and the watched tables. */
  static List<ConfiguredTable> of(CapturedTables tables) {
    return tables.all().stream()
        .map(table -> new ConfiguredTable(keyOf(tables, table), table))
        .toList();
  }

  private static String keyOf(CapturedTables tables, TableName table) {
    if (table.equals(tables.orders())) {
      return TableSettings.ORDERS_TABLE;
    }
    return table.equals(tables.items()) ? TableSettings.ITEMS_TABLE : TableSettings.WATCH;
  }
}
