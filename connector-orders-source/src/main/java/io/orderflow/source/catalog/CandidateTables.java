package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the tables of a database that look like orders and their items, by their names and columns
 * and by the foreign keys between them. Many shops have no foreign keys; then a column such as
 * {@code order_id} counts as one.
 */
final class CandidateTables {

  /** A list of more would not help. */
  private static final int MAX_PAIRS = 5;

  private static final String TABLES =
      """
      SELECT c.oid::bigint, n.nspname, c.relname,
             ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
             ARRAY(SELECT t.typname::text FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
             ARRAY(SELECT a.attname::text
                   FROM pg_catalog.pg_index i
                   CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                   WHERE i.indrelid = c.oid AND i.indisprimary AND k.place <= i.indnkeyatts ORDER BY k.place)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY n.nspname, c.relname LIMIT 10000
      """;

  private static final String FOREIGN_KEYS =
      """
      SELECT f.conrelid::bigint, f.confrelid::bigint,
             ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, place)
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum ORDER BY k.place),
             ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, place)
                   JOIN pg_catalog.pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum ORDER BY k.place)
      FROM pg_catalog.pg_constraint f WHERE f.contype = 'f' AND f.conparentid = 0
      """;

  private final Map<Long, CandidateTable> tables = new HashMap<>();
  private final List<Link> links = new ArrayList<>();

  private CandidateTables() {}

  /**
   * A reference of one table to another.
   *
   * @param declared whether it is a foreign key
   */
  private record Link(
      CandidateTable from,
      CandidateTable to,
      List<String> columns,
      List<String> key,
      boolean declared) {}

  /** A pair of tables, and how much it looks like orders and items. */
  private record Pair(Link link, int score) {

    String settings() {
      return "%s=%s, %s=%s, %s=%s, %s=%s"
          .formatted(
              TableSettings.ORDERS_TABLE,
              text(link.to().name()),
              TableSettings.ORDERS_ID,
              String.join(",", link.key()),
              TableSettings.ITEMS_TABLE,
              text(link.from().name()),
              TableSettings.ITEMS_ORDER_ID,
              String.join(",", link.columns()));
    }

    private static String text(TableName name) {
      String plain = name.toString();
      return plain.matches("[^\".\\s]+\\.[^\".\\s]+") ? plain : name.quoted();
    }
  }

  /**
   * The settings for the pairs of tables that look most like orders and items, a line for each,
   * best first.
   *
   * @param orders the configured orders table, whose items are preferred if it exists
   */
  static List<String> readSettings(Connection connection, TableName orders) throws SQLException {
    CandidateTables candidates = new CandidateTables();
    candidates.readTables(connection);
    candidates.readForeignKeys(connection);
    candidates.inferLinks();
    boolean exists =
        candidates.tables.values().stream().anyMatch(table -> table.name().equals(orders));
    return candidates.pairs().stream()
        .filter(pair -> !exists || pair.link().to().name().equals(orders))
        .limit(MAX_PAIRS)
        .map(Pair::settings)
        .toList();
  }

  private List<Pair> pairs() {
    Map<TableName, Long> incoming =
        links.stream()
            .map(link -> List.of(link.to().name(), link.from().name()))
            .distinct()
            .collect(Collectors.groupingBy(pair -> pair.get(0), Collectors.counting()));
    Map<List<TableName>, Pair> best = new HashMap<>();
    for (Link link : links) {
      int ofOrders = link.to().scoreAsOrders();
      int ofItems = link.from().scoreAsItems();
      if (ofOrders <= 0 || ofItems <= 0) {
        continue;
      }
      long references = Math.min(5, incoming.getOrDefault(link.to().name(), 0L));
      int score = ofOrders + ofItems + (int) references + (link.declared() ? 3 : 0);
      best.merge(
          List.of(link.to().name(), link.from().name()),
          new Pair(link, score),
          (one, other) -> other.score() > one.score() ? other : one);
    }
    return best.values().stream()
        .sorted(Comparator.comparing(Pair::score).reversed().thenComparing(Pair::settings))
        .toList();
  }

  private void readTables(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TABLES);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        List<String> columns = texts(row, 4);
        List<String> types = texts(row, 5);
        Map<String, String> typeOf = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          typeOf.put(columns.get(i), types.get(i));
        }
        tables.put(
            row.getLong(1),
            new CandidateTable(
                new TableName(row.getString(2), row.getString(3)), columns, typeOf, texts(row, 6)));
      }
    }
  }

  private void readForeignKeys(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FOREIGN_KEYS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        CandidateTable from = tables.get(row.getLong(1));
        CandidateTable to = tables.get(row.getLong(2));
        if (from != null && to != null && !from.equals(to)) {
          links.add(sorted(new Link(from, to, texts(row, 3), texts(row, 4), true)));
        }
      }
    }
  }

  /** The link with its columns in the order of the primary key, along which orders are read. */
  private static Link sorted(Link link) {
    List<String> primary = link.to().primaryKey();
    if (!link.key().containsAll(primary) || primary.size() != link.key().size()) {
      return link;
    }
    return new Link(
        link.from(),
        link.to(),
        primary.stream().map(column -> link.columns().get(link.key().indexOf(column))).toList(),
        primary,
        link.declared());
  }

  /**
   * Columns that are called after another table of their schema, and have the type of its primary
   * key.
   */
  private void inferLinks() {
    Set<List<TableName>> linked =
        links.stream()
            .map(link -> List.of(link.from().name(), link.to().name()))
            .collect(Collectors.toSet());
    List<CandidateTable> orders =
        tables.values().stream()
            .filter(table -> table.scoreAsOrders() > 0 && table.primaryKey().size() == 1)
            .toList();
    for (CandidateTable from : tables.values()) {
      for (CandidateTable to : orders) {
        if (from.equals(to)
            || !from.name().schema().equals(to.name().schema())
            || linked.contains(List.of(from.name(), to.name()))) {
          continue;
        }
        Optional<String> column = from.columnCalledAfter(to);
        column.ifPresent(
            name -> links.add(new Link(from, to, List.of(name), to.primaryKey(), false)));
      }
    }
  }

  private static List<String> texts(ResultSet row, int column) throws SQLException {
    return Arrays.asList((String[]) row.getArray(column).getArray());
  }
}
