package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.List;

/**
 * Generates statements that change rows of watched tables. They concern rows of some orders alone,
 * since no other transaction may change these.
 */
final class WatchedRows {

  private static final List<String> TEXTS = List.of("'a'", "'b'", "'c'", "NULL");

  private final Draw draw;
  private final FuzzTables tables;
  private final FuzzWatching watching;
  private int lastId;

  WatchedRows(Draw draw, FuzzTables tables) {
    this.draw = draw;
    this.tables = tables;
    this.watching = tables.watching();
  }

  boolean exist() {
    return watching.exist();
  }

  /**
   * Statements that make one change.
   *
   * @param numbers the orders whose rows may change; at least one
   */
  List<String> change(List<Integer> numbers) {
    int from = draw.of(numbers);
    int to = draw.of(numbers);
    if (watching.steps() == 0 || (watching.notes() && draw.flip())) {
      return changeOwned(FuzzWatching.NOTES, from, to);
    }
    if (draw.oneIn(3)) {
      return changeBoxes(from, to);
    }
    return watching.steps() > 1 && draw.flip()
        ? changeReferring(FuzzWatching.SCANS, "\"part:id\"", parts(from), parts(to), from)
        : changeReferring(FuzzWatching.PARTS, "box_id", boxes(from), boxes(to), from);
  }

  /** Removes all rows of one table. */
  String truncate() {
    return "TRUNCATE "
        + (watching.notes() ? FuzzWatching.NOTES : draw.of(FuzzWatching.BOXES, FuzzWatching.PARTS));
  }

  private List<String> changeOwned(String table, int from, int to) {
    return switch (draw.below(8)) {
      case 0, 1, 2 -> List.of(insertOwned(table, ++lastId, from));
      case 3 ->
          List.of(
              "UPDATE %s SET text = %s WHERE %s"
                  .formatted(table, draw.of("text", draw.of(TEXTS)), isOf(from)));
      case 4 -> List.of("DELETE FROM %s WHERE %s".formatted(table, isOf(from)) + half());
      case 5, 6 ->
          List.of(
              "UPDATE %s SET %s WHERE %s%s".formatted(table, assignments(to), isOf(from), half()));
      default ->
          List.of(
              "UPDATE %s SET %s WHERE %s"
                  .formatted(
                      table,
                      watching.mayLackOrders()
                          ? FuzzWatching.ORDER + " = NULL"
                          : "id = id + 1000 * " + ++lastId,
                      isOf(from)));
    };
  }

  private List<String> changeBoxes(int from, int to) {
    if (draw.oneIn(4)) {
      // Its parts go first or stay without it.
      List<String> all = new ArrayList<>();
      if (draw.flip()) {
        all.add("DELETE FROM %s WHERE box_id IN (%s)".formatted(FuzzWatching.PARTS, boxes(from)));
      }
      all.add("DELETE FROM %s WHERE %s".formatted(FuzzWatching.BOXES, isOf(from)));
      return all;
    }
    if (draw.oneIn(6)) {
      int box = ++lastId;
      return List.of(
          "INSERT INTO %s VALUES (%d, %d, 'before its box')"
              .formatted(FuzzWatching.PARTS, ++lastId, box),
          insertOwned(FuzzWatching.BOXES, box, from));
    }
    return changeOwned(FuzzWatching.BOXES, from, to);
  }

  /** Changes rows that refer to others, of which there may be none. */
  private List<String> changeReferring(
      String table, String column, String from, String to, int number) {
    String rows = column + " IN (" + from + ")";
    return switch (draw.below(7)) {
      case 0, 1, 2 -> {
        List<String> all = new ArrayList<>();
        if (draw.flip()) {
          all.add(insertOwned(FuzzWatching.BOXES, ++lastId, number));
        }
        all.add(
            "INSERT INTO %s SELECT %d, max(id), %s FROM (%s) AS referenced"
                .formatted(table, ++lastId, draw.of(TEXTS), from));
        yield all;
      }
      case 3 -> List.of("UPDATE %s SET text = %s WHERE %s".formatted(table, draw.of(TEXTS), rows));
      case 4 -> List.of("DELETE FROM %s WHERE %s%s".formatted(table, rows, half()));
      default ->
          List.of(
              "UPDATE %s SET %s = (SELECT min(id) FROM (%s) AS referenced) WHERE %s%s"
                  .formatted(table, column, to, rows, half()));
    };
  }

  private String half() {
    return draw.flip() ? "" : " AND id % 2 = 0";
  }

  private static String insert(String table, String columns, String values) {
    return "INSERT INTO %s (%s) VALUES (%s)".formatted(table, columns, values);
  }

  private String insertOwned(String table, int id, int number) {
    KeyColumn key = tables.idKey();
    return insert(
        table,
        "id, text, " + FuzzWatching.ORDER + (key == null ? "" : ", " + key.quoted()),
        "%d, %s, %s%s"
            .formatted(
                id,
                draw.of(TEXTS),
                tables.ids().literal(number),
                key == null ? "" : ", " + key.literal(number)));
  }

  private String assignments(int number) {
    KeyColumn key = tables.idKey();
    return FuzzWatching.ORDER
        + " = "
        + tables.ids().literal(number)
        + (key == null ? "" : ", " + key.quoted() + " = " + key.literal(number));
  }

  private String isOf(int number) {
    return FuzzWatching.ORDER + " = " + tables.ids().literal(number);
  }

  private String boxes(int number) {
    return "SELECT id FROM %s WHERE %s".formatted(FuzzWatching.BOXES, isOf(number));
  }

  private String parts(int number) {
    return "SELECT id FROM %s WHERE box_id IN (%s)".formatted(FuzzWatching.PARTS, boxes(number));
  }
}
