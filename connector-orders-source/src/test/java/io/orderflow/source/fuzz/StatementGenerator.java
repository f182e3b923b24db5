package io.orderflow.source.fuzz;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fuzz.FuzzTables.ForeignKey;
import io.orderflow.source.fuzz.ShopModel.Order;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Generates statements that change orders and items, and changes the model with them. */
final class StatementGenerator {

  /** The version from which on PostgreSQL has MERGE. */
  private static final int MERGE = 15;

  private final Draw draw;
  private final FuzzTables tables;
  private final ShopModel model;
  private final List<FuzzColumn> orderColumns;
  private final List<FuzzColumn> itemColumns;
  private int version = 1;

  StatementGenerator(Draw draw, FuzzTables tables, ShopModel model) {
    this.draw = draw;
    this.tables = tables;
    this.model = model;
    this.orderColumns = new ArrayList<>(tables.orderColumns());
    this.itemColumns = new ArrayList<>(tables.itemColumns());
  }

  List<FuzzColumn> orderColumns() {
    return orderColumns;
  }

  List<FuzzColumn> itemColumns() {
    return itemColumns;
  }

  /** Statements that make one change. */
  List<String> change(ShopModel.Transaction transaction) {
    List<Integer> numbers = transaction.claim(draw, 3);
    if (numbers.isEmpty()) {
      return List.of();
    }
    List<Integer> existing = numbers.stream().filter(number -> model.order(number).exists).toList();
    List<Integer> missing = numbers.stream().filter(number -> !existing.contains(number)).toList();
    if (!missing.isEmpty() && draw.flip()) {
      return insert(missing);
    }
    return existing.isEmpty() ? insert(missing) : change(transaction, existing);
  }

  private List<String> change(ShopModel.Transaction transaction, List<Integer> existing) {
    return switch (draw.below(14)) {
      case 0, 1, 2 -> List.of(updateOrders(existing));
      case 3, 4 -> insertItems(existing);
      case 5, 6 -> withVersion(existing, updateItems(existing));
      case 7 -> deleteItems(existing);
      case 8 -> delete(existing);
      case 9 -> {
        List<String> both = new ArrayList<>(delete(existing));
        both.addAll(insert(existing));
        yield both;
      }
      case 10 -> List.of(upsert(existing.get(0)));
      case 11 -> moveItem(transaction, existing.get(0));
      case 12 -> changeId(transaction, existing.get(0));
      default -> both(existing);
    };
  }

  /** Inserts orders, most of them with items. */
  List<String> insert(List<Integer> numbers) {
    List<String> statements = new ArrayList<>();
    boolean itemsFirst = tables.foreignKey() == ForeignKey.NONE && draw.oneIn(4);
    String orders =
        draw.oneIn(4) && Postgres.majorVersion() >= MERGE
            ? merge(numbers.get(0))
            : insertOrders(numbers);
    List<Integer> inserted = orders.startsWith("MERGE") ? numbers.subList(0, 1) : numbers;
    inserted.forEach(number -> model.order(number).exists = true);
    statements.add(orders);
    if (!draw.oneIn(4)) {
      List<String> items = newItems(inserted);
      statements.addAll(itemsFirst ? 0 : 1, items);
      if (!itemsFirst && !items.isEmpty() && draw.flip()) {
        statements.addAll(withVersion(inserted, List.of()));
      }
    }
    return statements;
  }

  String insertOrders(List<Integer> numbers) {
    Map<String, String> first = orderRow(numbers.get(0));
    List<String> rows = new ArrayList<>();
    for (int number : numbers) {
      Map<String, String> row = orderRow(number);
      rows.add(
          first.keySet().stream()
              .map(column -> row.getOrDefault(column, "DEFAULT"))
              .collect(Collectors.joining(", ", "(", ")")));
    }
    required(first, orderColumns);
    return "INSERT INTO %s (%s) VALUES %s"
        .formatted(
            tables.ordersTable(), String.join(", ", first.keySet()), String.join(", ", rows));
  }

  private static void required(Map<String, String> row, List<FuzzColumn> columns) {
    for (FuzzColumn column : columns) {
      if (column.required() && !row.containsKey(column.quoted())) {
        throw new IllegalStateException("no value for " + column.quoted());
      }
    }
  }

  private Map<String, String> orderRow(int number) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put(tables.quotedId(), tables.ids().literal(number));
    values(row, orderColumns);
    if (tables.version() != null) {
      row.put(quote(tables.version()), Integer.toString(++version));
    }
    return row;
  }

  private void values(Map<String, String> row, List<FuzzColumn> columns) {
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

  private String merge(int number) {
    Map<String, String> row = orderRow(number);
    return "MERGE INTO %s AS t USING (VALUES (%s::%s)) AS s (key) ON t.%s = s.key WHEN MATCHED THEN UPDATE SET %s WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)"
        .formatted(
            tables.ordersTable(),
            tables.ids().literal(number),
            tables.ids() == OrderIds.DOMAIN ? "bigint" : tables.ids().type(),
            tables.quotedId(),
            assignments(orderColumns, true),
            String.join(", ", row.keySet()),
            String.join(", ", row.values()));
  }

  private String upsert(int number) {
    Map<String, String> row = orderRow(number);
    boolean nothing = draw.oneIn(4);
    return "INSERT INTO %s AS t (%s) VALUES (%s) ON CONFLICT (%s) DO %s"
        .formatted(
            tables.ordersTable(),
            String.join(", ", row.keySet()),
            String.join(", ", row.values()),
            tables.quotedId(),
            nothing ? "NOTHING" : "UPDATE SET " + assignments(orderColumns, true));
  }

  private String updateOrders(List<Integer> numbers) {
    return "UPDATE %s SET %s WHERE %s IN (%s)"
        .formatted(
            tables.ordersTable(),
            assignments(orderColumns, true),
            tables.quotedId(),
            literals(numbers));
  }

  /** At least one assignment; some columns are set to what they are. */
  private String assignments(List<FuzzColumn> columns, boolean ofOrders) {
    List<String> assignments = new ArrayList<>();
    List<FuzzColumn> writable = columns.stream().filter(FuzzColumn::isWritable).toList();
    for (FuzzColumn column : draw.some(writable, 3)) {
      assignments.add(column.quoted() + " = " + (draw.oneIn(5) ? "DEFAULT" : value(column)));
    }
    assignments.removeIf(assignment -> assignment.endsWith("= DEFAULT") && isRequired(assignment));
    if (assignments.isEmpty()) {
      assignments.add(columns.get(0).quoted() + " = " + columns.get(0).literal(draw));
    }
    if (ofOrders && tables.version() != null) {
      assignments.add(quote(tables.version()) + " = " + ++version);
    }
    return String.join(", ", assignments);
  }

  private boolean isRequired(String assignment) {
    return java.util.stream.Stream.concat(orderColumns.stream(), itemColumns.stream())
        .anyMatch(column -> column.required() && assignment.startsWith(column.quoted() + " "));
  }

  private List<String> insertItems(List<Integer> numbers) {
    return withVersion(numbers, newItems(numbers));
  }

  private List<String> newItems(List<Integer> numbers) {
    Map<String, String> first = new LinkedHashMap<>();
    first.put(tables.quotedItemsOrderId(), "");
    first.put(tables.quotedLine(), "");
    values(first, itemColumns);
    List<String> rows = new ArrayList<>();
    for (int number : numbers) {
      Order order = model.order(number);
      for (int line : draw.some(order.freeLines(), 3)) {
        order.lines.add(line);
        Map<String, String> row = new LinkedHashMap<>();
        values(row, itemColumns);
        row.put(tables.quotedItemsOrderId(), tables.ids().literal(number));
        row.put(tables.quotedLine(), Integer.toString(line));
        rows.add(
            first.keySet().stream()
                .map(column -> row.getOrDefault(column, "DEFAULT"))
                .collect(Collectors.joining(", ", "(", ")")));
      }
    }
    return rows.isEmpty()
        ? List.of()
        : List.of(
            "INSERT INTO %s (%s) VALUES %s"
                .formatted(
                    tables.itemsTable(),
                    String.join(", ", first.keySet()),
                    String.join(", ", rows)));
  }

  private List<String> updateItems(List<Integer> numbers) {
    String table =
        tables.itemLeaves().isEmpty() || draw.flip()
            ? tables.itemsTable()
            : draw.of(tables.itemLeaves());
    return List.of(
        "UPDATE %s SET %s WHERE %s IN (%s)%s"
            .formatted(
                table,
                assignments(itemColumns, false),
                tables.quotedItemsOrderId(),
                literals(numbers),
                draw.flip() ? "" : " AND " + tables.quotedLine() + " = " + draw.between(1, 4)));
  }

  private List<String> deleteItems(List<Integer> numbers) {
    if (!tables.itemLeaves().isEmpty() && draw.flip()) {
      // The model cannot tell which lines are in a leaf; later inserts of those left may fail.
      return withVersion(
          numbers,
          List.of(
              "DELETE FROM %s WHERE %s IN (%s)"
                  .formatted(
                      draw.of(tables.itemLeaves()),
                      tables.quotedItemsOrderId(),
                      literals(numbers))));
    }
    int line = draw.between(1, ShopModel.LINES);
    numbers.forEach(number -> model.order(number).lines.remove(line));
    return withVersion(
        numbers,
        List.of(
            "DELETE FROM %s WHERE %s IN (%s) AND %s = %d"
                .formatted(
                    tables.itemsTable(),
                    tables.quotedItemsOrderId(),
                    literals(numbers),
                    tables.quotedLine(),
                    line)));
  }

  private List<String> delete(List<Integer> numbers) {
    List<String> statements = new ArrayList<>();
    boolean orphans = tables.foreignKey() == ForeignKey.NONE && draw.oneIn(3);
    if (!orphans && !(tables.foreignKey().deletesItems() && draw.flip())) {
      statements.add(
          "DELETE FROM %s WHERE %s IN (%s)"
              .formatted(tables.itemsTable(), tables.quotedItemsOrderId(), literals(numbers)));
    }
    statements.add(
        "DELETE FROM %s WHERE %s IN (%s)"
            .formatted(tables.ordersTable(), tables.quotedId(), literals(numbers)));
    for (int number : numbers) {
      model.order(number).exists = false;
      if (!orphans) {
        model.order(number).lines.clear();
      }
    }
    return statements;
  }

  private List<String> moveItem(ShopModel.Transaction transaction, int from) {
    List<Integer> others =
        transaction.claim(draw, 3).stream()
            .filter(number -> number != from && model.order(number).exists)
            .toList();
    Order order = model.order(from);
    if (others.isEmpty() || order.lines.isEmpty()) {
      return List.of(updateOrders(List.of(from)));
    }
    int to = others.get(0);
    int line = order.lines.iterator().next();
    if (!model.order(to).lines.add(line)) {
      return List.of(updateOrders(List.of(from)));
    }
    order.lines.remove(line);
    return withVersion(
        List.of(from, to),
        List.of(
            "UPDATE %s SET %s = %s WHERE %s = %s AND %s = %d"
                .formatted(
                    tables.itemsTable(),
                    tables.quotedItemsOrderId(),
                    tables.ids().literal(to),
                    tables.quotedItemsOrderId(),
                    tables.ids().literal(from),
                    tables.quotedLine(),
                    line)));
  }

  private List<String> changeId(ShopModel.Transaction transaction, int from) {
    List<Integer> others =
        transaction.claim(draw, 3).stream()
            .filter(number -> number != from && !model.order(number).exists)
            .toList();
    Order order = model.order(from);
    boolean free = order.lines.isEmpty() || tables.foreignKey().changesItems();
    if (others.isEmpty() || !free || !model.order(others.get(0)).lines.isEmpty()) {
      return List.of(updateOrders(List.of(from)));
    }
    Order target = model.order(others.get(0));
    target.exists = true;
    target.lines.addAll(order.lines);
    order.exists = false;
    order.lines.clear();
    return List.of(
        "UPDATE %s SET %s = %s%s WHERE %s = %s"
            .formatted(
                tables.ordersTable(),
                tables.quotedId(),
                tables.ids().literal(others.get(0)),
                tables.version() == null ? "" : ", " + quote(tables.version()) + " = " + ++version,
                tables.quotedId(),
                tables.ids().literal(from)));
  }

  /** One statement that changes both tables. */
  private List<String> both(List<Integer> numbers) {
    return List.of(
        "WITH changed AS (UPDATE %s SET %s WHERE %s IN (%s) RETURNING 1) %s"
            .formatted(
                tables.ordersTable(),
                assignments(orderColumns, true),
                tables.quotedId(),
                literals(numbers),
                updateItems(numbers).get(0)));
  }

  /** Adds what raises the version of orders whose items change. */
  private List<String> withVersion(List<Integer> numbers, List<String> statements) {
    List<String> all = new ArrayList<>(statements);
    if (tables.version() != null) {
      all.add(
          "UPDATE %s SET %s = %d WHERE %s IN (%s)"
              .formatted(
                  tables.ordersTable(),
                  quote(tables.version()),
                  ++version,
                  tables.quotedId(),
                  literals(numbers)));
    }
    return all;
  }

  private String literals(List<Integer> numbers) {
    return numbers.stream().map(tables.ids()::literal).collect(Collectors.joining(", "));
  }
}
