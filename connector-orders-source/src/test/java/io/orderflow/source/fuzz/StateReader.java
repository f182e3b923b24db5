package io.orderflow.source.fuzz;

import static io.orderflow.common.database.Identifiers.quote;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the shop's own records with plain queries under fixed settings. SQL makes the canonical
 * texts, so that no code of the product takes part.
 */
final class StateReader {

  private static final String SETTINGS =
      """
      SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
      SET extra_float_digits = 1; SET bytea_output = 'hex'; SET lc_monetary = 'C';
      SET search_path = pg_catalog; SET quote_all_identifiers = off;
      SET default_transaction_isolation = 'read committed'
      """;

  private static final String COLUMNS =
      """
      WITH RECURSIVE base AS (
        SELECT attnum, attname, atttypid AS type FROM pg_attribute
        WHERE attrelid = (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                          WHERE n.nspname = %s AND c.relname = %s)
          AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT attnum, attname, typbasetype FROM base JOIN pg_type t ON t.oid = type WHERE typtype = 'd'
      )
      SELECT attnum, attname, t.typname, e.typname
      FROM base JOIN pg_type t ON t.oid = type
      LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' AND t.typname NOT LIKE '%%vector'
      WHERE t.typtype <> 'd'
      ORDER BY attnum
      """;

  private final Connection connection;
  private final FuzzTables tables;

  private @Nullable Table orders;
  private @Nullable Table items;

  /** A table's columns, and the expressions of their canonical texts. */
  private record Table(TableShape shape, List<String> expressions) {}

  /** Sets what decides texts, in the session of a connection. */
  StateReader(Connection connection, FuzzTables tables) throws SQLException {
    this.connection = connection;
    this.tables = tables;
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS);
    }
  }

  /** All orders as an open transaction sees them; it keeps its settings. */
  static Map<String, OrderState> readWithin(Connection transaction, FuzzTables tables)
      throws SQLException {
    try (Statement statement = transaction.createStatement()) {
      statement.execute("SAVEPOINT before_reading");
      Map<String, OrderState> states = new StateReader(transaction, tables).read();
      statement.execute("ROLLBACK TO SAVEPOINT before_reading; RELEASE SAVEPOINT before_reading");
      return states;
    }
  }

  /** Forgets the columns, since a statement may have changed them. */
  void forgetColumns() {
    orders = null;
    items = null;
  }

  TableShape orderShape() throws SQLException {
    return orders().shape();
  }

  TableShape itemShape() throws SQLException {
    return items().shape();
  }

  /** All orders with their items, by the text of their IDs. */
  Map<String, OrderState> read() throws SQLException {
    Map<String, OrderState> states = new HashMap<>();
    String id = "format('%s', o." + tables.quotedId() + ")";
    String joined = "i.%s = o.%s".formatted(tables.quotedItemsOrderId(), tables.quotedId());
    KeyColumn key = tables.idKey();
    if (key != null) {
      id =
          "format('%%s:%%s', o.%s, replace(replace(%s, E'\\\\', E'\\\\\\\\'), ':', E'\\\\:'))"
              .formatted(key.quoted(), id);
      joined += " AND i.%1$s = o.%1$s".formatted(key.quoted());
    }
    FuzzWatching watching = tables.watching();
    List<String> more =
        List.of("NOT " + tables.reading().matching(), watching.direct(), watching.referenced());
    for (Row row : rows(orders(), id, shownOrders() + " AS o", "o", more)) {
      states.put(
          row.id(),
          new OrderState(
              row.values(),
              new ArrayList<>(),
              row.more().get(0).equals("t"),
              row.more().get(1),
              row.more().get(2)));
    }
    String join =
        "%s AS o JOIN (%s) AS i ON %s".formatted(shownOrders(), tables.reading().items(), joined);
    for (Row row : rows(items(), id, join, "i", List.of())) {
      OrderState state = states.get(row.id());
      if (state == null) {
        throw new IllegalStateException("the orders changed between two queries");
      }
      state.items().add(row.values());
    }
    states.values().forEach(state -> state.items().sort(Comparator.comparing(Object::toString)));
    return states;
  }

  private String shownOrders() {
    return "(" + tables.reading().orders() + ")";
  }

  /** A single value. */
  @Nullable String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private record Row(String id, Map<Integer, @Nullable String> values, List<String> more) {}

  /** Reads rows, with the values of more expressions that are never null. */
  private List<Row> rows(Table table, String id, String from, String alias, List<String> more)
      throws SQLException {
    List<String> columns = new ArrayList<>(List.of(id));
    table.expressions().forEach(column -> columns.add(column.replace("${row}", alias)));
    columns.addAll(more);
    List<Integer> numbers = List.copyOf(table.shape().names().keySet());
    List<Row> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT " + String.join(", ", columns) + " FROM " + from)) {
      while (row.next()) {
        Map<Integer, @Nullable String> values = new LinkedHashMap<>();
        for (int i = 0; i < numbers.size(); i++) {
          values.put(numbers.get(i), row.getString(i + 2));
        }
        List<String> further = new ArrayList<>();
        for (int i = 0; i < more.size(); i++) {
          further.add(row.getString(numbers.size() + i + 2));
        }
        found.add(new Row(row.getString(1), values, further));
      }
    }
    return found;
  }

  private Table orders() throws SQLException {
    Table known = orders;
    if (known == null) {
      FuzzReading reading = tables.reading();
      known =
          table(
              reading.schemaOf(reading.ordersView(), tables.schema()),
              reading.ordersName(tables.orders()));
      orders = known;
    }
    return known;
  }

  private Table items() throws SQLException {
    Table known = items;
    if (known == null) {
      FuzzReading reading = tables.reading();
      known =
          table(
              reading.schemaOf(reading.itemsView(), tables.schema()),
              reading.itemsName(tables.items()));
      items = known;
    }
    return known;
  }

  private Table table(String schema, String name) throws SQLException {
    Map<Integer, String> names = new LinkedHashMap<>();
    List<String> expressions = new ArrayList<>();
    String sql = COLUMNS.formatted(Literals.text(schema), Literals.text(name));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        names.put(row.getInt(1), row.getString(2));
        String column = "${row}." + quote(row.getString(2));
        expressions.add(canonical(column, row.getString(3), row.getString(4)));
      }
    }
    return new Table(new TableShape(names), expressions);
  }

  private static String canonical(String column, String type, @Nullable String element) {
    if (element == null) {
      return "CASE WHEN num_nulls(%s) = 0 THEN %s END".formatted(column, scalar(column, type));
    }
    // An array of composites would be expanded to their fields, and a cast of others may write
    // another text than their output function.
    boolean composite = element.equals("pair");
    return "CASE WHEN num_nulls(%s) = 0 THEN (SELECT coalesce(jsonb_agg(%s ORDER BY n), '[]') FROM unnest(%s) WITH ORDINALITY AS u (e, n))::text END"
        .formatted(
            column,
            canonical("e", composite ? "text" : element, null),
            composite ? column + "::text[]" : column);
  }

  private static String scalar(String value, String type) {
    return switch (type) {
      case "bytea" -> "encode(" + value + ", 'hex')";
      case "date" ->
          "CASE %1$s WHEN 'infinity' THEN '253402214400000' WHEN '-infinity' THEN '-62135596800000' ELSE ((%1$s - date '1970-01-01')::bigint * 86400000)::text END"
              .formatted(value);
      case "time" ->
          "CASE %1$s WHEN '24:00' THEN '86399999' ELSE floor(extract(epoch FROM %1$s) * 1000)::bigint::text END"
              .formatted(value);
      case "timestamp", "timestamptz" ->
          "CASE %1$s WHEN 'infinity' THEN '253402300799999' WHEN '-infinity' THEN '-62135596800000' ELSE floor(extract(epoch FROM %1$s) * 1000)::bigint::text END"
              .formatted(value);
      default -> "format('%s', " + value + ")";
    };
  }
}
