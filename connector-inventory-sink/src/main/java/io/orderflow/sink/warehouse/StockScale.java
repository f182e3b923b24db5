package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The steps in which the tables count: a one-row view, created with them, has the number of
 * decimals. Tables without the view count whole units. A sink with another quantity.scale would
 * take one quantity for another, so that it must not start.
 */
public final class StockScale {

  private static final List<String> COUNTERS =
      List.of(
          "on_hand",
          "reserved",
          "moved",
          "unavailable",
          "safety",
          "oversell",
          "incoming",
          "shortage");
  private static final List<String> ARRAYS_OF_ORDERS =
      List.of("reserved", "on_hand_delta", "backordered", "unavailable", "incoming");
  private static final List<String> COUNTERS_OF_BACKORDERS =
      List.of("wanted", "on_hand_delta", "lacking");
  private static final List<String> ARRAYS_OF_AUDIT =
      List.of("reserved", "on_hand", "unavailable", "incoming");

  private final WarehouseTables tables;

  public StockScale(WarehouseTables tables) {
    this.tables = tables;
  }

  /**
   * Reads in which steps the tables count.
   *
   * @return the number of decimals
   * @throws IllegalStateException if the view does not say it
   */
  public int read(Connection connection) throws SQLException {
    TableName view = tables.scale();
    if (!exists(connection, view)) {
      return 0;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT scale FROM " + view.quoted())) {
      int scale = row.next() ? row.getInt(1) : -1;
      if (scale < 0 || row.wasNull() || row.next()) {
        throw new IllegalStateException(
            "expected one row in %s with the decimals of quantities; replace the view"
                .formatted(view));
      }
      return scale;
    }
  }

  /**
   * The number of decimals with which missing tables are created: that of what exists.
   *
   * @param wanted the setting quantity.scale
   */
  public int readOrElse(Connection connection, int wanted) throws SQLException {
    return exists(connection, tables.scale())
            || exists(connection, tables.stock())
            || exists(connection, tables.orders())
        ? read(connection)
        : wanted;
  }

  /**
   * Compares the tables with the setting.
   *
   * @param wanted the setting quantity.scale
   * @return what is wrong, with the SQL that fixes it; empty if they fit
   */
  public Optional<String> mismatch(Connection connection, int wanted) throws SQLException {
    int found = readOrElse(connection, wanted);
    if (found == wanted) {
      return Optional.empty();
    }
    String problem =
        "quantity.scale is %d, but the tables count with %d decimals (view %s). Set quantity.scale=%2$d"
            .formatted(wanted, found, tables.scale());
    return Optional.of(
        found > wanted
            ? problem + ", which accepts quantities with fewer decimals as well."
            : problem
                + ", or stop all connectors of these tables and run:\n"
                + conversion(connection, found, wanted));
  }

  /**
   * How each batch finds out that the tables have been converted since. Without the view, it looks
   * whether there is one now.
   *
   * @param wanted the setting quantity.scale, which fits the tables
   */
  public ScaleGuard guard(Connection connection, int wanted) throws SQLException {
    String view = tables.scale().quoted();
    return new ScaleGuard(
        exists(connection, tables.scale())
            ? "(SELECT scale FROM %s)".formatted(view)
            : "CASE WHEN to_regclass(%s) IS NULL THEN 0 ELSE -1 END"
                .formatted(Identifiers.literal(view)),
        wanted);
  }

  /** The SQL that multiplies all quantities: exactly, or not at all. */
  private String conversion(Connection connection, int from, int to) throws SQLException {
    Map<String, String> stock = Catalog.readColumns(connection, tables.stock());
    StringBuilder sql = new StringBuilder("BEGIN;\n");
    if (!stock.isEmpty()) {
      // As batches lock it before they read the scale.
      sql.append("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE;\n".formatted(tables.stock().quoted()));
    }
    sql.append(
        "CREATE OR REPLACE VIEW %1$s AS %2$s;\nGRANT SELECT ON %1$s TO PUBLIC;\n"
            .formatted(tables.scale().quoted(), row(to)));
    boolean hasOrders = exists(connection, tables.orders());
    if (!stock.isEmpty()) {
      String change =
          "ALTER TABLE %s %s;".formatted(tables.stock().quoted(), ofCounters(stock, from, to));
      // Without the orders table, the views cannot be created again before it is.
      sql.append(
          hasOrders
              ? tables.withoutViews(ViewedColumns.add(connection, tables) + change)
              : tables.dropViews() + change + "\n");
    }
    if (hasOrders) {
      // A batch that has read a row before must not write it after the conversion.
      boolean isClaimed =
          !stock.isEmpty()
              || Catalog.readColumns(connection, tables.orders()).containsKey("revision");
      sql.append(
          multiply(
              tables.orders(),
              stock.isEmpty()
                  ? existing(connection, tables.orders(), ARRAYS_OF_ORDERS)
                  : ARRAYS_OF_ORDERS,
              to - from,
              isClaimed ? ", revision = revision + 1" : ""));
    }
    BackorderTables backorders = tables.backorders();
    if (backorders != null && exists(connection, backorders.orders())) {
      sql.append(
          "UPDATE %s SET %s;\n"
              .formatted(
                  backorders.orders().quoted(),
                  COUNTERS_OF_BACKORDERS.stream()
                      .map(column -> column + " = " + column + " * " + power(to - from))
                      .collect(Collectors.joining(", "))));
    }
    TableName audit = tables.audit();
    if (audit != null && exists(connection, audit)) {
      sql.append(multiply(audit, existing(connection, audit, ARRAYS_OF_AUDIT), to - from, ""));
    }
    return sql.append("COMMIT;").toString();
  }

  /** Whole numbers count steps already; a decimal is taken for a quantity in units. */
  private static String ofCounters(Map<String, String> types, int from, int to) {
    return COUNTERS.stream()
        .filter(types::containsKey)
        .map(
            column ->
                "ALTER COLUMN %s TYPE bigint USING %s"
                    .formatted(
                        column,
                        isWhole(String.valueOf(types.get(column)))
                            ? column + "::bigint * " + power(to - from)
                            : ofUnits(column, to)))
        .collect(Collectors.joining(", "));
  }

  /** The columns that a table has. */
  private static List<String> existing(Connection connection, TableName table, List<String> columns)
      throws SQLException {
    Set<String> found = Catalog.readColumns(connection, table).keySet();
    return columns.stream().filter(found::contains).toList();
  }

  private static String multiply(TableName table, List<String> arrays, int decimals, String more) {
    return "UPDATE %s SET %s%s;\n"
        .formatted(
            table.quoted(),
            arrays.stream()
                .map(
                    column ->
                        ("%1$s = CASE WHEN %1$s IS NOT NULL THEN ARRAY(SELECT q * %2$s FROM"
                                + " unnest(%1$s) WITH ORDINALITY AS u (q, n) ORDER BY n) END")
                            .formatted(column, power(decimals)))
                .collect(Collectors.joining(", ")),
            more);
  }

  /** Whether a type, as the catalog calls it, holds whole numbers. */
  public static boolean isWhole(String type) {
    return Set.of("int2", "int4", "int8").contains(type);
  }

  private static boolean exists(Connection connection, TableName table) throws SQLException {
    return !Catalog.readColumns(connection, table).isEmpty();
  }

  /**
   * The SQL expression of a column in units as a number of steps. A cast of numeric rounds, while
   * text with a fraction cannot be cast.
   */
  public static String ofUnits(String column, int scale) {
    return "trim_scale(%s::numeric * %s)::text::bigint".formatted(column, power(scale));
  }

  /** The query of the view. */
  static String row(int scale) {
    return ("SELECT n AS scale, ('1e-' || n::text)::numeric AS step FROM (VALUES (%d)) AS decimals"
            + " (n)")
        .formatted(scale);
  }

  private static String power(int exponent) {
    return "1" + "0".repeat(exponent);
  }
}
