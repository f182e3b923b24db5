package io.orderflow.source.log;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.log.change.WatchReference;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.schema.WatchedTable;
import io.orderflow.source.sql.WatchSql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds the orders of rows of watched tables that have other tables between them and the orders.
 * References to rows that no longer exist find nothing: the log contains the deletion of these
 * rows, which are watched as well, and names their orders.
 */
record WatchLookUps(CapturedTables tables) {

  private static final String TYPE =
      "SELECT format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute WHERE attrelid = ?::regclass AND attname = ?";

  /** Limits the size of a statement's parameters. */
  private static final int MAX_REFERENCES = 20_000;

  /**
   * Locks the tables of the paths against changes of their schema. Must precede the transaction's
   * first query: to an earlier snapshot, a table that is rewritten afterwards looks empty.
   */
  void lock(Connection connection) throws SQLException {
    String names =
        tables.watched().stream()
            .flatMap(watched -> watched.path().stream())
            .map(step -> step.table().quoted())
            .distinct()
            .collect(Collectors.joining(", "));
    if (!names.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("LOCK TABLE %s IN ACCESS SHARE MODE".formatted(names));
      }
    }
  }

  /** The IDs of the orders of each reference, as text. */
  Map<WatchReference, Set<String>> orders(
      Connection connection, Collection<WatchReference> references) throws SQLException {
    Map<WatchedTable, List<WatchReference>> byTable =
        references.stream().collect(Collectors.groupingBy(WatchReference::watched));
    Map<WatchReference, Set<String>> orders = new HashMap<>();
    for (Map.Entry<WatchedTable, List<WatchReference>> entry : byTable.entrySet()) {
      String sql = sql(connection, entry.getKey());
      List<WatchReference> all = entry.getValue();
      for (int from = 0; from < all.size(); from += MAX_REFERENCES) {
        List<WatchReference> some = all.subList(from, Math.min(all.size(), from + MAX_REFERENCES));
        find(connection, sql, entry.getKey(), some, orders);
      }
    }
    return orders;
  }

  private static String sql(Connection connection, WatchedTable watched) throws SQLException {
    List<String> columns = watched.columns();
    List<String> references = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      references.add(
          "%s.c%d::%s"
              .formatted(WatchSql.ROW, i, type(connection, watched.table(), columns.get(i))));
    }
    WatchSql sql = new WatchSql(watched);
    return "SELECT DISTINCT %1$s.place, %2$s FROM unnest(%3$s) WITH ORDINALITY AS %1$s (%4$s, place)%5$s"
        .formatted(
            WatchSql.ROW,
            sql.orderId(),
            String.join(", ", columns.stream().map(column -> "?::text[]").toList()),
            IntStream.range(0, columns.size())
                .mapToObj(i -> "c" + i)
                .collect(Collectors.joining(", ")),
            sql.path(references));
  }

  private static String type(Connection connection, TableName table, String column)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TYPE)) {
      statement.setString(1, table.quoted());
      statement.setString(2, column);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new UnusableTablesException(
              TableSettings.WATCH,
              "%s has no column %s any more; if it was renamed, change the configuration"
                  .formatted(table, column));
        }
        return row.getString(1);
      }
    }
  }

  private static void find(
      Connection connection,
      String sql,
      WatchedTable watched,
      List<WatchReference> references,
      Map<WatchReference, Set<String>> orders)
      throws SQLException {
    int parts = watched.columns().size();
    List<List<String>> keys =
        references.stream().map(reference -> OrderIdText.split(reference.key(), parts)).toList();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parts; i++) {
        int part = i;
        Array values =
            connection.createArrayOf("text", keys.stream().map(key -> key.get(part)).toArray());
        statement.setArray(i + 1, values);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          WatchReference reference = references.get((int) row.getLong(1) - 1);
          List<String> id = new ArrayList<>();
          for (int i = 0; i < watched.orderId().size(); i++) {
            id.add(row.getString(i + 2));
          }
          if (id.stream().allMatch(Objects::nonNull)) {
            orders
                .computeIfAbsent(reference, found -> new LinkedHashSet<>())
                .add(OrderIdText.join(id));
          }
        }
      }
    }
  }
}
