package io.orderflow.source.fuzz;

import static io.orderflow.common.database.Identifiers.quote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Generates the values of rows, for the columns that the tables have at the moment. */
final class Rows {

  private final Draw draw;
  private final FuzzTables tables;
  private final List<FuzzColumn> orderColumns;
  private final List<FuzzColumn> itemColumns;
  private int version = 1;

  Rows(Draw draw, FuzzTables tables) {
    this.draw = draw;
    this.tables = tables;
    this.orderColumns = new ArrayList<>(tables.orderColumns());
    this.itemColumns = new ArrayList<>(tables.itemColumns());
  }

  /** The columns of the orders table without its key, to be changed with the table. */
  List<FuzzColumn> orderColumns() {
    return orderColumns;
  }

  /** The columns of the items table without its key, to be changed with the table. */
  List<FuzzColumn> itemColumns() {
    return itemColumns;
  }

  /** The columns of both tables, to be restored if a transaction is rolled back. */
  record Columns(List<FuzzColumn> orders, List<FuzzColumn> items) {}

  Columns columns() {
    return new Columns(List.copyOf(orderColumns), List.copyOf(itemColumns));
  }

  void restore(Columns columns) {
    orderColumns.clear();
    orderColumns.addAll(columns.orders());
    itemColumns.clear();
    itemColumns.addAll(columns.items());
  }

  /** A version that no order has had, and no deletion, which has the next one of its order. */
  int nextVersion() {
    version += 2;
    return version;
  }

  /** The values of a new order by column, for some columns. */
  Map<String, String> order(int number) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put(tables.quotedId(), tables.ids().literal(number));
    KeyColumn key = tables.key();
    if (key != null) {
      row.put(key.quoted(), key.literal(number));
    }
    addValues(row, orderColumns);
    if (number == HistoryGenerator.SENTINEL) {
      row.put(orderColumns.get(0).quoted(), FuzzReading.SHOWN);
    }
    if (tables.version() != null) {
      row.put(quote(tables.version()), Integer.toString(nextVersion()));
    }
    return row;
  }

  /** The values of a new item by column, for some columns. */
  Map<String, String> item(int number, int line) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put(tables.quotedItemsOrderId(), tables.ids().literal(number));
    row.put(tables.quotedLine(), Integer.toString(line));
    KeyColumn key = tables.idKey();
    if (key != null) {
      row.put(key.quoted(), key.literal(number));
    }
    addValues(row, itemColumns);
    return row;
  }

  private void addValues(Map<String, String> row, List<FuzzColumn> columns) {
    for (FuzzColumn column : columns) {
      if (column.required()) {
        row.put(column.quoted(), column.literal(draw));
      } else if (column.isWritable() && draw.flip()) {
        row.put(column.quoted(), value(column));
      }
    }
  }

  private String value(FuzzColumn column) {
    if (column.mayBeNull() && draw.oneIn(4)) {
      return "NULL";
    }
    return column.required() || !draw.oneIn(4) ? column.literal(draw) : "DEFAULT";
  }

  /** An insert of several rows, with the columns of the first. */
  static String insert(String table, List<Map<String, String>> rows) {
    List<String> columns = List.copyOf(rows.get(0).keySet());
    String values =
        rows.stream()
            .map(
                row ->
                    columns.stream()
                        .map(column -> row.getOrDefault(column, "DEFAULT"))
                        .collect(Collectors.joining(", ", "(", ")")))
            .collect(Collectors.joining(", "));
    return "INSERT INTO %s AS t (%s) VALUES %s"
        .formatted(table, String.join(", ", columns), values);
  }

  /** A statement that reads new orders from its client, with the first column and the version. */
  Step.Sql copy(int session, List<Integer> numbers) {
    String version = tables.version();
    String text =
        numbers.stream()
            .map(tables.ids()::text)
            .map(id -> id.replace("\\", "\\\\") + "\tCOPIED\\\\\\n")
            .map(row -> row + (version == null ? "\n" : "\t" + nextVersion() + "\n"))
            .collect(Collectors.joining());
    String sql =
        "COPY %s (%s, %s%s) FROM STDIN"
            .formatted(
                tables.ordersTable(),
                tables.quotedId(),
                orderColumns.get(0).quoted(),
                version == null ? "" : ", " + quote(version));
    return new Step.Sql(session, sql, Step.Sql.Effect.NONE, text);
  }

  /** What an update of orders sets: at least one column, and a higher version. */
  String orderAssignments() {
    String assignments = assignments(orderColumns);
    return tables.version() == null
        ? assignments
        : assignments + ", " + quote(tables.version()) + " = " + nextVersion();
  }

  /** What an update of items sets: at least one column. */
  String itemAssignments() {
    return assignments(itemColumns);
  }

  private String assignments(List<FuzzColumn> columns) {
    List<String> assignments = new ArrayList<>();
    List<FuzzColumn> writable = columns.stream().filter(FuzzColumn::isWritable).toList();
    for (FuzzColumn column : draw.some(writable, 3)) {
      // A statement that sets a column to its own value changes the row nevertheless.
      String value = draw.oneIn(6) ? qualified(column) : value(column);
      assignments.add(column.quoted() + " = " + value);
    }
    if (assignments.isEmpty()) {
      assignments.add(columns.get(0).quoted() + " = " + columns.get(0).literal(draw));
    }
    return String.join(", ", assignments);
  }

  private static String qualified(FuzzColumn column) {
    return "t." + column.quoted();
  }
}
