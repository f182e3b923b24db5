package io.orderflow.source.fuzz;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fuzz.FuzzTables.ForeignKey;
import io.orderflow.source.fuzz.ShopModel.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Generates statements that change orders and items, and changes the model with them. */
final class StatementGenerator {

  /** The version from which on PostgreSQL has MERGE. */
  private static final int MERGE = 15;

  private final Draw draw;
  private final FuzzTables tables;
  private final ShopModel model;
  private final Rows rows;
  private final WatchedRows watched;

  StatementGenerator(Draw draw, FuzzTables tables, ShopModel model, Rows rows) {
    this.draw = draw;
    this.tables = tables;
    this.model = model;
    this.rows = rows;
    this.watched = new WatchedRows(draw.split(), tables);
  }

  /** A statement that reads new orders from its client; empty if there is none to add. */
  Optional<Step.Sql> copy(int session, ShopModel.Transaction transaction) {
    List<Integer> missing =
        transaction.claim(draw, 3).stream().filter(number -> !model.order(number).exists).toList();
    boolean simple = rows.orderColumns().stream().skip(1).noneMatch(FuzzColumn::required);
    if (missing.isEmpty() || !simple || tables.key() != null) {
      return Optional.empty();
    }
    missing.forEach(number -> model.order(number).exists = true);
    return Optional.of(rows.copy(session, missing));
  }

  /** Statements that make one change. */
  List<String> change(ShopModel.Transaction transaction) {
    List<Integer> numbers = transaction.claim(draw, 3);
    if (numbers.isEmpty()) {
      return List.of();
    }
    if (watched.exist() && draw.oneIn(3)) {
      return withVersion(numbers, watched.change(numbers));
    }
    List<Integer> existing = numbers.stream().filter(number -> model.order(number).exists).toList();
    List<Integer> missing = numbers.stream().filter(number -> !existing.contains(number)).toList();
    if (!missing.isEmpty() && tables.foreignKey() == ForeignKey.NONE && draw.oneIn(8)) {
      // The orders of these items may follow in another transaction.
      return insertItems(missing);
    }
    if (!missing.isEmpty() && draw.flip()) {
      return insert(missing);
    }
    return existing.isEmpty() ? insert(missing) : change(transaction, existing);
  }

  private List<String> change(ShopModel.Transaction transaction, List<Integer> existing) {
    return switch (draw.below(16)) {
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
      case 11, 12, 13 -> moveItem(transaction, existing);
      case 14 -> changeId(transaction, existing.get(0));
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
    return Rows.insert(tables.ordersTable(), numbers.stream().map(rows::order).toList());
  }

  private String merge(int number) {
    Map<String, String> row = rows.order(number);
    return "MERGE INTO %s AS t USING (VALUES (%s::%s)) AS s (key) ON t.%s = s.key WHEN MATCHED THEN UPDATE SET %s WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)"
        .formatted(
            tables.ordersTable(),
            tables.ids().literal(number),
            tables.ids() == OrderIds.DOMAIN ? "bigint" : tables.ids().type(),
            tables.quotedId(),
            rows.orderAssignments(),
            String.join(", ", row.keySet()),
            String.join(", ", row.values()));
  }

  private String upsert(int number) {
    return "%s ON CONFLICT (%s) DO %s"
        .formatted(
            insertOrders(List.of(number)),
            tables.quotedKey(),
            draw.oneIn(4) ? "NOTHING" : "UPDATE SET " + rows.orderAssignments());
  }

  private String updateOrders(List<Integer> numbers) {
    return "UPDATE %s AS t SET %s WHERE %s IN (%s)"
        .formatted(
            tables.ordersTable(), rows.orderAssignments(), tables.quotedId(), literals(numbers));
  }

  private List<String> insertItems(List<Integer> numbers) {
    return withVersion(numbers, newItems(numbers));
  }

  private List<String> newItems(List<Integer> numbers) {
    List<Map<String, String>> items = new ArrayList<>();
    for (int number : numbers) {
      Order order = model.order(number);
      for (int line : draw.some(order.freeLines(), 3)) {
        order.lines.add(line);
        items.add(rows.item(number, line));
      }
    }
    return items.isEmpty() ? List.of() : List.of(Rows.insert(tables.itemsTable(), items));
  }

  private List<String> updateItems(List<Integer> numbers) {
    String table =
        tables.itemLeaves().isEmpty() || draw.flip()
            ? tables.itemsTable()
            : draw.of(tables.itemLeaves());
    return List.of(
        "UPDATE %s AS t SET %s WHERE %s IN (%s)%s"
            .formatted(
                table,
                rows.itemAssignments(),
                tables.quotedItemsOrderId(),
                literals(numbers),
                draw.flip() ? "" : " AND " + tables.quotedLine() + " = " + draw.between(1, 4)));
  }

  private List<String> deleteItems(List<Integer> numbers) {
    if (!tables.itemLeaves().isEmpty() && draw.flip()) {
      // The model does not know which lines are in a leaf; later inserts of those left may fail.
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

  /** Moves an item to another order that exists, where its line is free. */
  private List<String> moveItem(ShopModel.Transaction transaction, List<Integer> existing) {
    List<Integer> others =
        transaction.claim(draw, ShopModel.ORDERS).stream()
            .filter(number -> model.order(number).exists)
            .toList();
    for (int from : existing) {
      for (int to : others) {
        Set<Integer> movable = new TreeSet<>(model.order(from).lines);
        movable.removeAll(model.order(to).lines);
        if (from != to && !movable.isEmpty()) {
          return moveItem(from, to, movable.iterator().next());
        }
      }
    }
    return List.of(updateOrders(existing));
  }

  private List<String> moveItem(int from, int to, int line) {
    model.order(from).lines.remove(line);
    model.order(to).lines.add(line);
    return withVersion(
        List.of(from, to),
        List.of(
            "UPDATE %s SET %s = %s%s WHERE %s = %s AND %s = %d"
                .formatted(
                    tables.itemsTable(),
                    tables.quotedItemsOrderId(),
                    tables.ids().literal(to),
                    alsoKey(tables.idKey(), to),
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
        "UPDATE %s SET %s = %s%s%s WHERE %s = %s"
            .formatted(
                tables.ordersTable(),
                tables.quotedId(),
                tables.ids().literal(others.get(0)),
                alsoKey(tables.key(), others.get(0)),
                tables.version() == null
                    ? ""
                    : ", " + quote(tables.version()) + " = " + rows.nextVersion(),
                tables.quotedId(),
                tables.ids().literal(from)));
  }

  private static String alsoKey(@Nullable KeyColumn key, int number) {
    return key == null ? "" : ", " + key.quoted() + " = " + key.literal(number);
  }

  /** One statement that changes both tables. */
  private List<String> both(List<Integer> numbers) {
    return List.of(
        "WITH changed AS (UPDATE %s AS t SET %s WHERE %s IN (%s) RETURNING 1) %s"
            .formatted(
                tables.ordersTable(),
                rows.orderAssignments(),
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
                  rows.nextVersion(),
                  tables.quotedId(),
                  literals(numbers)));
    }
    return all;
  }

  /** Removes all items, or all orders with them, or all rows of a watched table. */
  List<String> truncate() {
    if (watched.exist() && draw.oneIn(3)) {
      return withNextVersions(watched.truncate());
    }
    boolean withOrders = draw.flip();
    model.truncate(withOrders);
    return withNextVersions(
        "TRUNCATE " + (withOrders ? tables.ordersTable() + ", " : "") + tables.itemsTable());
  }

  private List<String> withNextVersions(String truncate) {
    return tables.version() == null
        ? List.of(truncate)
        : List.of(
            truncate,
            "UPDATE %s SET %s = %d"
                .formatted(tables.ordersTable(), quote(tables.version()), rows.nextVersion()));
  }

  private String literals(List<Integer> numbers) {
    return numbers.stream().map(tables.ids()::literal).collect(Collectors.joining(", "));
  }
}
