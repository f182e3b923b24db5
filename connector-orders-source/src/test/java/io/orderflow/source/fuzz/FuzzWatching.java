package io.orderflow.source.fuzz;

import static io.orderflow.common.database.Identifiers.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tables that the connector watches: notes, which have the order ID, and a path from parts, or from
 * scans of parts, over boxes, which have the order ID.
 *
 * @param notes whether there are notes
 * @param steps how many tables are between the last table of the path and the order; 0 for no path
 * @param mayLackOrders whether the order ID may be null
 * @param setting the connector's {@code watch.tables}
 * @param direct a text of the rows with the ID of the order {@code o}, in SQL
 * @param referenced the same of the rows from which a path leads to it
 */
record FuzzWatching(
    boolean notes,
    int steps,
    boolean mayLackOrders,
    String setting,
    String direct,
    String referenced) {

  static final FuzzWatching NONE = new FuzzWatching(false, 0, false, "", "''", "''");

  static final String NOTES = "public.\"fuzz, notes\"";
  static final String BOXES = "public.fuzz_boxes";
  static final String PARTS = "public.fuzz_parts";
  static final String SCANS = "public.\"fuzz>scans\"";

  /** The column of notes and boxes with the order ID. */
  static final String ORDER = quote("of Order");

  private static final int MAX_STEPS = 2;

  /**
   * Draws the tables.
   *
   * @param type the type of the order ID
   * @param id the column with the order ID, in the orders table
   * @param key the further column of the order ID; null if there is none
   * @param ddl receives what creates the tables
   */
  static FuzzWatching draw(
      Draw draw,
      String type,
      String id,
      @Nullable KeyColumn key,
      List<String> ddl,
      Set<String> kinds) {
    int steps = draw.below(MAX_STEPS + 1);
    boolean notes = steps == 0 || draw.flip();
    boolean mayLackOrders = draw.flip();
    String reference = (key == null ? "" : quote(key.name()) + ",") + ORDER;
    String columns =
        (key == null ? "" : key.quoted() + " " + key.type() + ", ")
            + ORDER
            + " "
            + type
            + (mayLackOrders ? "" : " NOT NULL")
            + ", text text";
    String ofOrder =
        "w.%s = o.%s%s"
            .formatted(
                ORDER,
                quote(id),
                key == null ? "" : " AND w.%1$s = o.%1$s".formatted(key.quoted()));
    List<String> entries = new ArrayList<>();
    List<String> direct = new ArrayList<>();
    List<String> referenced = new ArrayList<>();
    if (notes) {
      kinds.add("a watched table");
      createNotes(draw, columns, ddl, kinds);
      entries.add(NOTES + ":" + reference);
      direct.add(text(NOTES + " AS w", "w.id, w.text", ofOrder));
    }
    if (steps > 0) {
      kinds.add("a watched table with a path of " + steps);
      String integer = draw.of("integer", "bigint");
      ddl.add("CREATE TABLE %s (id %s PRIMARY KEY, %s)".formatted(BOXES, integer, columns));
      ddl.add(
          "CREATE TABLE %s (id integer PRIMARY KEY, box_id %s, text text)"
              .formatted(PARTS, draw.of("integer", "bigint")));
      direct.add(text(BOXES + " AS w", "w.id, w.text", ofOrder));
      String parts = BOXES + " AS w JOIN " + PARTS + " AS p ON p.box_id = w.id";
      referenced.add(text(parts, "p.id, p.text, p.box_id", ofOrder));
      String path = PARTS + ":box_id>" + BOXES + ".id:" + reference;
      if (steps == MAX_STEPS) {
        ddl.add(
            "CREATE TABLE %s (id integer PRIMARY KEY, \"part:id\" integer, text text)"
                .formatted(SCANS));
        String scans = parts + " JOIN " + SCANS + " AS s ON s.\"part:id\" = p.id";
        referenced.add(text(scans, "s.id, s.text, s.\"part:id\"", ofOrder));
        path = SCANS + ":\"part:id\">" + PARTS + ".id:box_id>" + BOXES + ".id:" + reference;
      }
      entries.add(path);
    }
    return new FuzzWatching(
        notes,
        steps,
        mayLackOrders,
        String.join(draw.of(",", " , "), entries),
        String.join(" || '|' || ", direct),
        referenced.isEmpty() ? "''" : String.join(" || '|' || ", referenced));
  }

  private static void createNotes(Draw draw, String columns, List<String> ddl, Set<String> kinds) {
    boolean partitioned = draw.oneIn(3);
    ddl.add(
        "CREATE TABLE %s (id integer%s, %s)%s"
            .formatted(
                NOTES,
                draw.flip() ? " PRIMARY KEY" : " NOT NULL",
                columns,
                partitioned ? " PARTITION BY HASH (id)" : ""));
    if (partitioned) {
      kinds.add("a watched table with partitions");
      for (int i = 0; i < 2; i++) {
        ddl.add(
            "CREATE TABLE fuzz_notes_%1$d PARTITION OF %2$s FOR VALUES WITH (MODULUS 2, REMAINDER %1$d)"
                .formatted(i, NOTES));
      }
    }
    String identity = draw.of("", "", "FULL", "NOTHING");
    if (!identity.isEmpty()) {
      ddl.add("ALTER TABLE " + NOTES + " REPLICA IDENTITY " + identity);
    }
  }

  private static String text(String from, String columns, String condition) {
    return "coalesce((SELECT string_agg(concat_ws(',', %1$s), ';' ORDER BY concat_ws(',', %1$s)) FROM %2$s WHERE %3$s), '')"
        .formatted(columns, from, condition);
  }

  boolean exist() {
    return notes || steps > 0;
  }

  /** The connector's settings. */
  Map<String, String> settings() {
    return exist() ? Map.of("watch.tables", setting) : Map.of();
  }
}
