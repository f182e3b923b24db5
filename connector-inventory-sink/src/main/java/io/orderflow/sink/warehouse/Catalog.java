package io.orderflow.sink.warehouse;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads PostgreSQL's catalog about the warehouse's tables, and creates the tables. */
public final class Catalog {

  /** A domain may be one of another domain. */
  private static final String COLUMNS =
      """
      SELECT a.attname,
             (WITH RECURSIVE base AS (
                SELECT t.oid, t.typname, t.typtype, t.typbasetype, t.typtypmod, a.atttypmod AS modifier
                  FROM pg_type t WHERE t.oid = a.atttypid
                UNION ALL
                SELECT t.oid, t.typname, t.typtype, t.typbasetype, t.typtypmod, b.typtypmod
                  FROM pg_type t JOIN base b ON b.typtype = 'd' AND t.oid = b.typbasetype)
              SELECT CASE typname WHEN 'numeric' THEN format_type(oid, modifier) ELSE typname END
                FROM base WHERE typtype <> 'd')
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY a.attnum""";

  private final WarehouseTables tables;

  public Catalog(WarehouseTables tables) {
    this.tables = tables;
  }

  /**
   * Reads the columns of a table with the names of their types in {@code pg_type}, those of domains
   * with the names of their base types; that of {@code numeric} has its precision and scale, if
   * they are limited. Empty if the table does not exist.
   */
  public static Map<String, String> readColumns(Connection connection, TableName table)
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

  /** Reads which of the tables do not exist. */
  public List<TableName> readMissing(Connection connection) throws SQLException {
    Set<TableName> missing = new LinkedHashSet<>();
    for (TableName table : tables.all()) {
      if (readColumns(connection, table).isEmpty()) {
        missing.add(table);
      }
    }
    return List.copyOf(missing);
  }

  /**
   * Reads the types of all columns that the sink uses, by table and column. Missing ones are left
   * out.
   */
  public Map<TableName, Map<String, String>> readTypes(Connection connection) throws SQLException {
    Map<TableName, Map<String, String>> types = new HashMap<>();
    for (Map.Entry<TableName, RequiredSchema> required : RequiredSchema.of(tables).entrySet()) {
      Map<String, String> columns = readColumns(connection, required.getKey());
      columns.keySet().retainAll(required.getValue().columns().keySet());
      types.put(required.getKey(), columns);
    }
    return types;
  }

  /**
   * Finds a column that is missing, or whose type the sink cannot use.
   *
   * @param types as read by {@link #readTypes}
   */
  public Optional<String> unusableColumn(Map<TableName, Map<String, String>> types) {
    for (Map.Entry<TableName, RequiredSchema> required : RequiredSchema.of(tables).entrySet()) {
      TableName table = required.getKey();
      Map<String, String> found = types.getOrDefault(table, Map.of());
      for (Map.Entry<String, String> column : required.getValue().columns().entrySet()) {
        String type = found.get(column.getKey());
        if (type == null) {
          return Optional.of("table %s lacks the column %s".formatted(table, column.getKey()));
        }
        if (!required.getValue().fits(column.getKey(), type)) {
          return Optional.of(
              "expected %s.%s of type %s, found %s"
                  .formatted(table, column.getKey(), column.getValue(), type));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Reads the type of order ID that the tables have.
   *
   * @return empty if none of the tables exists
   * @throws IllegalStateException if the types differ, or if one is not supported
   */
  public Optional<OrderIdType> readOrderIdType(Connection connection) throws SQLException {
    Map<OrderIdType, TableName> found = new LinkedHashMap<>();
    for (TableName table : tables.all()) {
      String type = readColumns(connection, table).get("order_id");
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

  /** Empty also for smallint, which is not supported: it needs a COPY field of its own width. */
  public static Optional<OrderIdType> orderIdType(String catalogName) {
    return catalogName.equals("int2") ? Optional.empty() : OrderIdType.ofTypeName(catalogName);
  }

  /**
   * Creates missing tables. Tasks that do so at the same time wait for each other.
   *
   * @param scale decimals of a quantity
   */
  public void install(Connection connection, OrderIdType orderIds, int scale) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_xact_lock(hashtext('orderflow.install'),"
              + " hashtext(current_database()))");
      statement.execute(ViewedColumns.installScript(connection, tables, orderIds, scale));
    }
  }
}
