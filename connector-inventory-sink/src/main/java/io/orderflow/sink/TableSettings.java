package io.orderflow.sink;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Which tables the sink keeps: the {@code table.*} settings and {@code auto.create}. */
final class TableSettings {

  static final String STOCK = "table.stock";
  static final String ORDERS = "table.order.inventory";
  static final String PAYMENTS = "table.payments";
  static final String AUDIT_TABLE = "table.audit";
  static final String AUDIT = "audit";
  static final String AUTO_CREATE = "auto.create";

  private static final String GROUP = "Tables";

  private TableSettings() {}

  static void define(ConfigDef definition) {
    table(
        definition,
        1,
        STOCK,
        "public.stock",
        "One row for each SKU: on hand and reserved. Given as table, schema.table or"
            + " \"Schema\".\"Table\".");
    table(
        definition,
        2,
        ORDERS,
        "public.order_inventory",
        "One row for each order: the version applied last, what came of it, and its effect on stock"
            + " that is in force.");
    table(
        definition,
        3,
        PAYMENTS,
        "public.payments",
        "One row for each order: what is due, and what was paid.");
    table(
        definition,
        5,
        AUDIT_TABLE,
        "public.order_audit",
        "With audit=true, one row for each change that was applied; audit-install.sql makes it.");
    definition.define(
        AUDIT,
        Type.BOOLEAN,
        false,
        Importance.MEDIUM,
        "Whether each change leaves a row in table.audit, in the same transaction: what moved, when,"
            + " and of which record. What is applied again changes nothing and leaves none.",
        GROUP,
        6,
        Width.SHORT,
        AUDIT);
    definition.define(
        AUTO_CREATE,
        Type.BOOLEAN,
        false,
        Importance.MEDIUM,
        "Whether tables that are missing are created when the first record arrives, with the type"
            + " of its order ID. Otherwise run warehouse-install.sql beforehand.",
        GROUP,
        4,
        Width.SHORT,
        AUTO_CREATE);
  }

  static WarehouseTables tables(AbstractConfig config) {
    return new WarehouseTables(
        TableName.parse(config.getString(STOCK)),
        TableName.parse(config.getString(ORDERS)),
        TableName.parse(config.getString(PAYMENTS)),
        config.getBoolean(AUDIT) ? TableName.parse(config.getString(AUDIT_TABLE)) : null);
  }

  /** The setting that names each table. */
  static Map<TableName, String> keys(AbstractConfig config) {
    Map<TableName, String> keys = new LinkedHashMap<>();
    for (String key : used(config)) {
      keys.put(TableName.parse(config.getString(key)), key);
    }
    return keys;
  }

  /** A table that is named twice. */
  static List<Finding> findings(AbstractConfig config) {
    int tables = used(config).size();
    return keys(config).size() == tables
        ? List.of()
        : List.of(new Finding(STOCK, "expected " + tables + " tables, found one named twice"));
  }

  private static List<String> used(AbstractConfig config) {
    return config.getBoolean(AUDIT)
        ? List.of(STOCK, ORDERS, PAYMENTS, AUDIT_TABLE)
        : List.of(STOCK, ORDERS, PAYMENTS);
  }

  private static void table(
      ConfigDef definition, int order, String key, String table, String documentation) {
    definition.define(
        key,
        Type.STRING,
        table,
        ConfigDef.LambdaValidator.with(
            TableSettings::requireTableName, () -> "a table's name, its schema before it"),
        Importance.MEDIUM,
        documentation,
        GROUP,
        order,
        Width.MEDIUM,
        key);
  }

  private static void requireTableName(String key, @Nullable Object value) {
    try {
      TableName.parse(String.valueOf(value));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(key, value, e.getMessage());
    }
  }
}
