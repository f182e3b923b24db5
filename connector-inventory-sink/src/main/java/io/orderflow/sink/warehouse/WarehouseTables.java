package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the warehouse.
 *
 * @param stock one row for each SKU
 * @param orders one row for each order, with the version applied last, its outcome and its effects
 * @param payments one row for each order, with the amount due and the payment
 * @param audit one row for each change; null if no audit trail is kept
 */
public record WarehouseTables(
    TableName stock, TableName orders, TableName payments, @Nullable TableName audit) {

  /** Begins the part of the script that creates views. */
  private static final String VIEWS = "-- The decimals of a quantity";

  /** The view with a row for each order and SKU, with the current effect. */
  public TableName lines() {
    return new TableName(orders.schema(), orders.table() + "_lines");
  }

  /** The view of SKUs whose stock differs from the sum of the orders' effects. */
  public TableName drift() {
    return new TableName(stock.schema(), stock.table() + "_drift");
  }

  /** The view of stock in units, as records have them. */
  public TableName units() {
    return new TableName(stock.schema(), stock.table() + "_units");
  }

  /** The view of one row that says in which steps the tables count. */
  public TableName scale() {
    return new TableName(stock.schema(), stock.table() + "_scale");
  }

  /** The SQL that creates missing tables and views, for whole units. */
  public String installScript(OrderIdType orderIds) {
    return installScript(orderIds, 0);
  }

  /**
   * The SQL that creates missing tables and views.
   *
   * @param scale decimals of a quantity, unless the view of the scale exists
   */
  public String installScript(OrderIdType orderIds, int scale) {
    String script = tablesScript(orderIds, scale);
    return audit == null ? script : script + "\n" + auditScript(audit, orderIds);
  }

  private String tablesScript(OrderIdType orderIds, int scale) {
    return rendered("install.sql", orderIds).replace("${scale_row}", StockScale.row(scale));
  }

  /**
   * A change of a column's type as PostgreSQL accepts it: without the views that read the column,
   * which are created again.
   */
  public String withoutViews(String sql) {
    String install = tablesScript(OrderIdType.BIGINT, 0);
    return dropViews() + sql + "\n" + install.substring(install.indexOf(VIEWS));
  }

  /** The SQL that removes the views which depend on columns of quantities. */
  String dropViews() {
    return "DROP VIEW IF EXISTS %s, %s, %s; "
        .formatted(drift().quoted(), units().quoted(), lines().quoted());
  }

  /** The SQL that removes the tables and the views. */
  public String uninstallScript() {
    return rendered("uninstall.sql", OrderIdType.BIGINT);
  }

  /** The SQL that creates a missing audit trail. */
  public static String auditScript(TableName audit, OrderIdType orderIds) {
    return read("audit.sql")
        .replace("${order_audit}", audit.quoted())
        .replace("${order_audit_literal}", Identifiers.literal(audit.quoted()))
        .replace("${schema_literal}", Identifiers.literal(audit.schema()))
        .replace("${prefix_literal}", Identifiers.literal(audit.table() + "_"))
        .replace("${order_audit_months}", months(audit).quoted())
        .replace("${order_id_type}", orderIds.sqlName());
  }

  /** The function that creates the partitions of an audit trail. */
  static TableName months(TableName audit) {
    return new TableName(audit.schema(), audit.table() + "_months");
  }

  private String rendered(String template, OrderIdType orderIds) {
    return read(template)
        .replace("${stock}", stock.quoted())
        .replace("${order_inventory}", orders.quoted())
        .replace("${order_inventory_lines}", lines().quoted())
        .replace("${payments}", payments.quoted())
        .replace("${stock_drift}", drift().quoted())
        .replace("${stock_units}", units().quoted())
        .replace("${stock_scale}", scale().quoted())
        .replace("${stock_scale_literal}", Identifiers.literal(scale().quoted()))
        .replace("${order_id_type}", orderIds.sqlName());
  }

  private static String read(String template) {
    try (InputStream in = WarehouseTables.class.getResourceAsStream(template)) {
      if (in == null) {
        throw new IllegalStateException(template + " is missing from the Orderflow jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
