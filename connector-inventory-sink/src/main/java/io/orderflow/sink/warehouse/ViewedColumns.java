package io.orderflow.sink.warehouse;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Columns that views read and that tables of the warehouse's own may lack. All of them must be
 * added before the views are created.
 */
public final class ViewedColumns {

  /** It is stable, so that adding the column rewrites no row. */
  public static final String REVISION_DEFAULT = "(date_part('epoch', now()) * 1000)::bigint";

  private static final String COUNTER = " bigint NOT NULL DEFAULT 0";
  private static final List<String> OF_STOCK =
      List.of(
          "location text COLLATE \"C\" NOT NULL DEFAULT ''",
          "unavailable" + COUNTER,
          "safety" + COUNTER,
          "oversell" + COUNTER,
          "incoming" + COUNTER,
          "shortage" + COUNTER,
          "moved_at timestamptz NOT NULL DEFAULT now()");
  private static final List<String> OF_ORDERS =
      List.of(
          "locations text[]",
          "expires_at timestamptz",
          "unavailable bigint[]",
          "incoming bigint[]",
          "revision bigint NOT NULL DEFAULT " + REVISION_DEFAULT);

  private static final List<String> OF_AUDIT =
      List.of("locations text[]", "unavailable bigint[]", "incoming bigint[]");

  private ViewedColumns() {}

  /** Whether a column of stock, of the orders or of the audit trail is one of them. */
  public static boolean contain(String column) {
    return Stream.of(OF_STOCK, OF_ORDERS)
        .flatMap(List::stream)
        .anyMatch(definition -> name(definition).equals(column));
  }

  /**
   * The SQL that adds the missing ones to existing tables; empty if there are none. Several
   * findings may have it, so that it can be run again.
   */
  public static String add(Connection connection, WarehouseTables tables) throws SQLException {
    StringBuilder sql = new StringBuilder();
    for (String definition : OF_STOCK) {
      sql.append(add(connection, tables.stock(), definition));
    }
    for (String definition : OF_ORDERS) {
      sql.append(add(connection, tables.orders(), definition));
    }
    return sql.toString();
  }

  /** The same for the audit trail. */
  public static String addToAudit(Connection connection, TableName audit) throws SQLException {
    StringBuilder sql = new StringBuilder();
    for (String definition : OF_AUDIT) {
      sql.append(add(connection, audit, definition));
    }
    return sql.toString();
  }

  private static String add(Connection connection, TableName table, String definition)
      throws SQLException {
    Map<String, String> columns = Catalog.readColumns(connection, table);
    return columns.isEmpty() || columns.containsKey(name(definition))
        ? ""
        : "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s; ".formatted(table.quoted(), definition);
  }

  private static String name(String definition) {
    return definition.substring(0, definition.indexOf(' '));
  }

  /**
   * The SQL that creates missing tables and views beside those that exist. Views of other columns
   * are created again, which PostgreSQL does not allow without dropping them.
   *
   * @param scale decimals of a quantity, unless the view of the scale exists
   */
  public static String installScript(
      Connection connection, WarehouseTables tables, OrderIdType orderIds, int scale)
      throws SQLException {
    String added = add(connection, tables);
    String script = tables.installScript(orderIds, scale);
    TableName audit = tables.audit();
    String ofAudit = audit == null ? "" : addToAudit(connection, audit);
    if (audit != null && !ofAudit.isEmpty()) {
      script = WarehouseTables.dropAuditView(audit) + ofAudit + script;
    }
    return added.isEmpty() ? script : tables.dropViews() + added + script;
  }
}
