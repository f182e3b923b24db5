package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the warehouse.
 *
 * @param stock one row for each SKU and location
 * @param orders one row for each order, with the version applied last, its outcome and its effects
 * @param payments one row for each order, with the amount due and, if each order has one payment,
 *     that payment
 * @param orderPayments null if each order has one payment
 * @param audit one row for each change; null if no audit trail is kept
 * @param backorders null if no order waits for stock
 */
public record WarehouseTables(
    TableName stock,
    TableName orders,
    TableName payments,
    @Nullable OrderPaymentTables orderPayments,
    @Nullable TableName audit,
    @Nullable BackorderTables backorders) {

  /** What holds for each row of stock, at any instant. */
  public static final String STOCK_CHECK =
      "0 <= reserved AND 0 <= unavailable AND unavailable <= on_hand AND 0 <= incoming"
          + " AND 0 <= safety AND 0 <= oversell AND reserved + unavailable <= on_hand + shortage";

  /**
   * The tables of payments that have IDs of their own.
   *
   * @param payments one row for each payment
   * @param totals one row for each order and currency, with the sums of its payments
   */
  public record OrderPaymentTables(TableName payments, TableName totals) {

    /** The view of sums that differ from the payments. */
    public TableName drift() {
      return new TableName(totals.schema(), totals.table() + "_drift");
    }

    /** The index of the payments of an order. */
    private String orderIndex() {
      return Identifiers.quote(payments.table() + "_order_id");
    }
  }

  /** All tables that the sink writes. */
  public List<TableName> all() {
    List<TableName> all = new ArrayList<>(List.of(stock, orders, payments));
    if (orderPayments != null) {
      all.add(orderPayments.payments());
      all.add(orderPayments.totals());
    }
    if (audit != null) {
      all.add(audit);
    }
    if (backorders != null) {
      all.add(backorders.orders());
      all.add(backorders.due());
    }
    return all;
  }

  /** The view with a row for each order, SKU and location, with the current effect. */
  public TableName lines() {
    return new TableName(orders.schema(), orders.table() + "_lines");
  }

  /** The view of the orders' outcomes in units. */
  public TableName orderUnits() {
    return new TableName(orders.schema(), orders.table() + "_units");
  }

  /** The view of what orders have reserved until a deadline. */
  public TableName expiring() {
    return new TableName(orders.schema(), orders.table() + "_expiring");
  }

  /** The index of deadlines, quoted. */
  public String deadlineIndex() {
    return Identifiers.quote(orders.table() + "_expires_at");
  }

  /** The view of SKUs and locations whose stock differs from the sum of the orders' effects. */
  public TableName drift() {
    return new TableName(stock.schema(), stock.table() + "_drift");
  }

  /** The view with what each order has paid, and what is open. */
  public TableName balance() {
    return new TableName(payments.schema(), payments.table() + "_balance");
  }

  /** The view of stock in units, as records have them. */
  public TableName units() {
    return new TableName(stock.schema(), stock.table() + "_units");
  }

  /** The view of the stock of each SKU over all locations, in units. */
  public TableName totals() {
    return new TableName(stock.schema(), stock.table() + "_totals");
  }

  /** The view of one row that says in which steps the tables count. */
  public TableName scale() {
    return new TableName(stock.schema(), stock.table() + "_scale");
  }

  /**
   * The SQL that creates missing tables and views.
   *
   * @param scale decimals of a quantity, unless the view of the scale exists
   */
  public String installScript(OrderIdType orderIds, int scale) {
    String script = rendered("tables.sql", orderIds) + "\n" + viewsScript(orderIds, scale);
    if (orderPayments != null) {
      script += "\n" + orderPaymentsScript(orderIds);
    }
    if (backorders != null) {
      script += "\n" + backordersScript(orderIds);
    }
    return audit == null ? script : script + "\n" + auditScript(audit, orderIds);
  }

  private String viewsScript(OrderIdType orderIds, int scale) {
    return rendered("views.sql", orderIds).replace("${scale_row}", StockScale.row(scale));
  }

  /**
   * The SQL that creates missing tables and views of payments with IDs of their own, if the sink
   * has such tables.
   */
  public String orderPaymentsScript(OrderIdType orderIds) {
    return rendered("payments.sql", orderIds);
  }

  /** The SQL that creates missing tables of backorders, if the sink has such tables. */
  public String backordersScript(OrderIdType orderIds) {
    return backorders == null ? "" : backorders.installScript(scale(), orderIds);
  }

  /**
   * A change of a column's type as PostgreSQL accepts it: without the views that read the column,
   * which are created again.
   */
  public String withoutViews(String sql) {
    return dropViews() + sql + "\n" + viewsScript(OrderIdType.BIGINT, 0);
  }

  /** The SQL that removes the views which depend on columns of quantities. */
  String dropViews() {
    return "DROP VIEW IF EXISTS %s, %s, %s, %s, %s, %s; "
        .formatted(
            drift().quoted(),
            totals().quoted(),
            units().quoted(),
            lines().quoted(),
            orderUnits().quoted(),
            expiring().quoted());
  }

  /**
   * The same for the tables of amounts, whose views there are if payments have IDs of their own.
   */
  public String withoutPaymentViews(String sql) {
    if (orderPayments == null) {
      return sql;
    }
    String install = orderPaymentsScript(OrderIdType.BIGINT);
    return "DROP VIEW IF EXISTS %s, %s; %s\n%s"
        .formatted(
            balance().quoted(),
            orderPayments.drift().quoted(),
            sql,
            install.substring(install.indexOf("CREATE OR REPLACE VIEW")));
  }

  /** The SQL that removes the tables and the views, except for the audit trail's table. */
  public String uninstallScript() {
    String script = rendered("uninstall.sql", OrderIdType.BIGINT);
    if (orderPayments != null) {
      script = rendered("payments-uninstall.sql", OrderIdType.BIGINT) + script;
    }
    if (backorders != null) {
      script = backorders.uninstallScript() + script;
    }
    return audit == null
        ? script
        : read("audit-uninstall.sql").replace("${order_audit_lines}", auditLines(audit).quoted())
            + "\n"
            + script;
  }

  /** The SQL that creates a missing audit trail. */
  public String auditScript(TableName audit, OrderIdType orderIds) {
    return (read("audit.sql") + "\n" + read("audit-view.sql"))
        .replace("${order_audit}", audit.quoted())
        .replace("${order_audit_lines}", auditLines(audit).quoted())
        .replace("${order_audit_lines_text}", inText(auditLines(audit)))
        .replace("${stock_scale}", scale().quoted())
        .replace("${stock_scale_text}", inText(scale()))
        .replace("${order_audit_literal}", Identifiers.literal(audit.quoted()))
        .replace("${schema_literal}", Identifiers.literal(audit.schema()))
        .replace("${prefix_literal}", Identifiers.literal(audit.table() + "_"))
        .replace("${order_audit_months}", months(audit).quoted())
        .replace("${order_id_type}", orderIds.sqlName());
  }

  /** A change of the type of an audit trail's column, without the view that reads it. */
  public String withoutAuditView(TableName audit, String sql) {
    String install = auditScript(audit, OrderIdType.BIGINT);
    return "%s%s\n%s"
        .formatted(
            dropAuditView(audit),
            sql,
            install.substring(install.indexOf("CREATE OR REPLACE VIEW")));
  }

  /** The SQL that removes the view of an audit trail. */
  static String dropAuditView(TableName audit) {
    return "DROP VIEW IF EXISTS %s; ".formatted(auditLines(audit).quoted());
  }

  /** The view of an audit trail with a row for each SKU, in units. */
  private static TableName auditLines(TableName audit) {
    return new TableName(audit.schema(), audit.table() + "_lines");
  }

  /** The function that creates the partitions of an audit trail. */
  public static TableName months(TableName audit) {
    return new TableName(audit.schema(), audit.table() + "_months");
  }

  private String rendered(String template, OrderIdType orderIds) {
    String script = read(template);
    if (orderPayments != null) {
      script =
          script
              .replace("${order_payments}", orderPayments.payments().quoted())
              .replace("${order_payments_order_id}", orderPayments.orderIndex())
              .replace("${payment_totals}", orderPayments.totals().quoted())
              .replace("${payment_totals_drift}", orderPayments.drift().quoted());
    }
    return script
        .replace("${stock}", stock.quoted())
        .replace("${order_inventory}", orders.quoted())
        .replace("${order_inventory_lines}", lines().quoted())
        .replace("${order_inventory_units}", orderUnits().quoted())
        .replace("${order_inventory_expiring}", expiring().quoted())
        .replace("${order_inventory_expires_at}", deadlineIndex())
        .replace("${payments}", payments.quoted())
        .replace("${payments_balance}", balance().quoted())
        .replace("${stock_drift}", drift().quoted())
        .replace("${stock_units}", units().quoted())
        .replace("${stock_totals}", totals().quoted())
        .replace("${stock_check}", STOCK_CHECK)
        .replace("${stock_scale}", scale().quoted())
        .replace("${stock_scale_text}", inText(scale()))
        .replace("${stock_units_text}", inText(units()))
        .replace("${order_inventory_units_text}", inText(orderUnits()))
        .replace("${order_inventory_lines_text}", inText(lines()))
        .replace("${stock_scale_literal}", Identifiers.literal(scale().quoted()))
        .replace("${revision_default}", ViewedColumns.REVISION_DEFAULT)
        .replace("${order_id_type}", orderIds.sqlName());
  }

  /** A name as a part of a literal. */
  private static String inText(TableName table) {
    return table.quoted().replace("'", "''");
  }

  static String read(String template) {
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
