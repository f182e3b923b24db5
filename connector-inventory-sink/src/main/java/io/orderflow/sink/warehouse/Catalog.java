package io.orderflow.sink.warehouse;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What PostgreSQL's catalogue says about the tables, and their creation. */
public final class Catalog {

  private static final String COLUMNS =
      """
      SELECT a.attname, t.typname
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_type t ON t.oid = a.atttypid
       WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped""";

  private final WarehouseTables tables;

  public Catalog(WarehouseTables tables) {
    this.tables = tables;
  }

  /**
   * The columns of a table and the names of their types as {@code pg_type} has them; none if there
   * is no such table.
   */
  public static Map<String, String> columns(Connection connection, TableName table)
      throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    return columns;
  }

  /** Those of the tables that are not there. */
  public List<TableName> missing(Connection connection) throws SQLException {
    Set<TableName> missing = new LinkedHashSet<>();
    for (TableName table : all()) {
      if (columns(connection, table).isEmpty()) {
        missing.add(table);
      }
    }
    return List.copyOf(missing);
  }

  /**
   * The type of order ID that the tables have.
   *
   * @return empty if none of them is there
   * @throws IllegalStateException when they differ, or it is none that an order ID may have
   */
  public Optional<OrderIdType> orderIdType(Connection connection) throws SQLException {
    Map<OrderIdType, TableName> found = new LinkedHashMap<>();
    for (TableName table : all()) {
      String type = columns(connection, table).get("order_id");
      if (type != null) {
        found.putIfAbsent(
            orderIdType(type)
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            table
                                + ".order_id: expected bigint, integer, uuid or text, found "
                                + type)),
            table);
      }
    }
    if (found.size() > 1) {
      throw new IllegalStateException(
          "expected order_id of one type in all tables, found " + found);
    }
    return found.keySet().stream().findFirst();
  }

  /** Empty also for smallint, which nobody numbers orders with: COPY knows no other width of it. */
  public static Optional<OrderIdType> orderIdType(String catalogueName) {
    return catalogueName.equals("int2")
        ? Optional.empty()
        : OrderIdType.ofCatalogueName(catalogueName);
  }

  /** Makes what is missing. Other tasks that do the same at the same time wait, and find it. */
  public void install(Connection connection, OrderIdType orderIds) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_xact_lock(hashtext('orderflow.install'), hashtext(current_database()))");
      statement.execute(tables.installScript(orderIds));
    }
  }

  private List<TableName> all() {
    TableName audit = tables.audit();
    return audit == null
        ? List.of(tables.stock(), tables.orders(), tables.payments())
        : List.of(tables.stock(), tables.orders(), tables.payments(), audit);
  }
}
