package io.orderflow.sink;

import static io.orderflow.sink.config.ConfigKeys.AUDIT;
import static io.orderflow.sink.config.ConfigKeys.AUTO_CREATE;
import static io.orderflow.sink.config.ConfigKeys.BACKORDERS;
import static io.orderflow.sink.config.ConfigKeys.TABLE_AUDIT;
import static io.orderflow.sink.config.ConfigKeys.TABLE_BACKORDERS;
import static io.orderflow.sink.config.ConfigKeys.TABLE_ORDERS;
import static io.orderflow.sink.config.ConfigKeys.TABLE_ORDER_PAYMENTS;
import static io.orderflow.sink.config.ConfigKeys.TABLE_PAYMENTS;
import static io.orderflow.sink.config.ConfigKeys.TABLE_PAYMENT_TOTALS;
import static io.orderflow.sink.config.ConfigKeys.TABLE_STOCK;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.warehouse.BackorderTables;
import io.orderflow.sink.warehouse.WarehouseTables;
import io.orderflow.sink.warehouse.WarehouseTables.OrderPaymentTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The sink's tables: the {@code table.*} settings, {@code auto.create} and {@code audit}. */
final class TableSettings {

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Tables",
          table(
              TABLE_STOCK,
              "public.stock",
              "Table of the stock, one row for each SKU and location: on hand and reserved. Table names are given"
                  + " as table, schema.table, or quoted as \"Schema\".\"Table\"."),
          table(
              TABLE_ORDERS,
              "public.order_inventory",
              "Table of the orders' effects, one row for each order: the latest applied version, its"
                  + " outcome, and its effect on stock that is in force."),
          table(
              TABLE_PAYMENTS,
              "public.payments",
              "Table of the amounts due, one row for each order; without payment.id.field, also of the"
                  + " order's payment."),
          table(
              TABLE_ORDER_PAYMENTS,
              "public.order_payments",
              "With payment.id.field, the table of the payments, one row for each;"
                  + " payments-install.sql creates it."),
          table(
              TABLE_PAYMENT_TOTALS,
              "public.payment_totals",
              "With payment.id.field, the table of the sums of payments, one row for each order and"
                  + " currency."),
          Setting.of(AUTO_CREATE, Type.BOOLEAN)
              .defaultsTo(false)
              .documented(
                  "Whether missing tables are created when the first record arrives, with the type of"
                      + " its order ID. Otherwise run warehouse-install.sql beforehand."),
          Setting.of(AUDIT, Type.BOOLEAN)
              .defaultsTo(false)
              .documented(
                  "Whether each change adds a row to table.audit, in the same transaction: what moved,"
                      + " when, and because of which record. A record that is applied again changes"
                      + " nothing and adds no row."),
          table(
              TABLE_AUDIT,
              "public.order_audit",
              "With audit=true, the table of applied changes, one row for each; audit-install.sql"
                  + " creates it."),
          table(
              TABLE_BACKORDERS,
              "public.order_backorders",
              "With backorders=true, the table of the orders that wait for stock, one row for each"
                  + " line. A second table has the same name with _due. backorders-install.sql creates"
                  + " both."));

  private TableSettings() {}

  private static Setting table(String key, String defaultTable, String documentation) {
    return Setting.of(key, Type.STRING)
        .defaultsTo(defaultTable)
        .validatedBy(Validators.parsedBy(TableName::parse, "schema.table"))
        .documented(documentation);
  }

  static WarehouseTables tables(AbstractConfig config) {
    return new WarehouseTables(
        TableName.parse(config.getString(TABLE_STOCK)),
        TableName.parse(config.getString(TABLE_ORDERS)),
        TableName.parse(config.getString(TABLE_PAYMENTS)),
        PaymentFieldSettings.hasPaymentIds(config)
            ? new OrderPaymentTables(
                TableName.parse(config.getString(TABLE_ORDER_PAYMENTS)),
                TableName.parse(config.getString(TABLE_PAYMENT_TOTALS)))
            : null,
        config.getBoolean(AUDIT) ? TableName.parse(config.getString(TABLE_AUDIT)) : null,
        config.getBoolean(BACKORDERS) ? backorders(config) : null);
  }

  private static BackorderTables backorders(AbstractConfig config) {
    return new BackorderTables(TableName.parse(config.getString(TABLE_BACKORDERS)));
  }

  /** The setting that names each table, or from which its name follows. */
  static Map<TableName, String> keys(AbstractConfig config) {
    Map<TableName, String> keys = new LinkedHashMap<>();
    for (String key : used(config)) {
      keys.put(TableName.parse(config.getString(key)), key);
    }
    if (config.getBoolean(BACKORDERS)) {
      keys.put(backorders(config).due(), TABLE_BACKORDERS);
    }
    return keys;
  }

  /** A table that several settings name. */
  static List<Finding> findings(AbstractConfig config) {
    List<String> used = used(config);
    int others = config.getBoolean(BACKORDERS) ? 1 : 0;
    return keys(config).size() == used.size() + others
        ? List.of()
        : List.of(
            new Finding(
                TABLE_STOCK,
                "two of the settings %s name the same table; name a table of its own in each"
                    .formatted(String.join(", ", used))));
  }

  private static List<String> used(AbstractConfig config) {
    List<String> used = new ArrayList<>(List.of(TABLE_STOCK, TABLE_ORDERS, TABLE_PAYMENTS));
    if (PaymentFieldSettings.hasPaymentIds(config)) {
      used.addAll(List.of(TABLE_ORDER_PAYMENTS, TABLE_PAYMENT_TOTALS));
    }
    if (config.getBoolean(AUDIT)) {
      used.add(TABLE_AUDIT);
    }
    if (config.getBoolean(BACKORDERS)) {
      used.add(TABLE_BACKORDERS);
    }
    return used;
  }
}
