package io.orderflow.source.log.snapshot;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.catalog.RowEstimate;
import io.orderflow.source.read.KeyRange;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.OrderIdSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Splits the primary key into consecutive ranges. Each bound is read from the current index of the
 * key. An order that is inserted later may be in a range or after the last one; both are correct,
 * since the stream contains it. The caller synchronizes.
 */
final class ChunkSplitter {

  /** A range and its number, counted from 0. */
  record ChunkRange(long number, KeyRange range) {}

  private static final Pattern ROWS = Pattern.compile(" rows=(\\d+)");
  private static final long UNKNOWN = -1;

  private final CapturedTables tables;
  private final int chunkSize;

  private long number;
  private @Nullable String reached;
  private boolean complete;
  private volatile long estimatedOrders = UNKNOWN;
  private volatile long estimatedRemaining = UNKNOWN;

  /**
   * Starts after an order, or with the first.
   *
   * @param chunkSize the number of orders of a range
   */
  ChunkSplitter(CapturedTables tables, int chunkSize, @Nullable String after) {
    this.tables = tables;
    this.chunkSize = chunkSize;
    this.reached = after;
  }

  /** Finds the next range, without advancing to it; empty after the last. */
  Optional<ChunkRange> findNext(Connection connection, OrderSchema schema) throws SQLException {
    if (complete) {
      return Optional.empty();
    }
    if (number == 0) {
      estimatedOrders = RowEstimate.readRowEstimate(connection, tables.orders());
      estimatedRemaining =
          reached == null ? estimatedOrders : estimateAfter(connection, schema, reached);
    }
    String after = reached;
    try (PreparedStatement statement = connection.prepareStatement(boundSql(schema, after))) {
      if (after != null) {
        List<String> parts = OrderIdText.split(after, schema.ids().count());
        for (int i = 0; i < parts.size(); i++) {
          statement.setString(i + 1, parts.get(i));
        }
      }
      try (ResultSet row = statement.executeQuery()) {
        return Optional.of(
            new ChunkRange(
                number, new KeyRange(after, row.next() ? bound(row, schema.ids()) : null)));
      }
    }
  }

  private static String bound(ResultSet row, OrderIdColumns ids) throws SQLException {
    List<String> parts = new ArrayList<>(ids.count());
    for (int i = 1; i <= ids.count(); i++) {
      parts.add(row.getString(i));
    }
    return OrderIdText.join(parts);
  }

  /** Advances past a range. */
  void advance(ChunkRange chunk) {
    number = chunk.number() + 1;
    reached = chunk.range().upTo();
    complete = reached == null;
  }

  /**
   * Estimates the share of all orders that is read.
   *
   * @param chunks how many were read since the start
   * @return from 0 to 1; NaN if the table has no statistics
   */
  double share(long chunks) {
    long all = estimatedOrders;
    if (all <= 0) {
      return Double.NaN;
    }
    double before = Math.max(0, all - estimatedRemaining);
    return Math.min(1, (before + (double) chunks * chunkSize) / all);
  }

  /** Asks the planner, which knows the distribution of the keys if the table has statistics. */
  private long estimateAfter(Connection connection, OrderSchema schema, String after)
      throws SQLException {
    OrderIdColumns ids = schema.ids();
    // The planner estimates by the first column, of which it knows the distribution.
    try (PreparedStatement statement =
        connection.prepareStatement(
            "EXPLAIN SELECT 1 FROM %s WHERE %s > %s::%s"
                .formatted(
                    tables.orders().quoted(),
                    Identifiers.quote(ids.names().get(0)),
                    Identifiers.literal(OrderIdText.split(after, ids.count()).get(0)),
                    ids.types().get(0).sqlName()))) {
      try (ResultSet plan = statement.executeQuery()) {
        Matcher rows = ROWS.matcher(plan.next() ? plan.getString(1) : "");
        return rows.find() ? Long.parseLong(rows.group(1)) : estimatedOrders;
      }
    }
  }

  private String boundSql(OrderSchema schema, @Nullable String after) {
    OrderIdColumns ids = schema.ids();
    // Qualified, since ORDER BY would take the bare name for the selected text.
    return "SELECT %s FROM %s AS o %s ORDER BY %s OFFSET %d LIMIT 1"
        .formatted(
            ids.names().stream()
                .map(name -> "o." + Identifiers.quote(name) + "::text")
                .collect(Collectors.joining(", ")),
            tables.orders().quoted(),
            after == null ? "" : "WHERE " + OrderIdSql.compared(ids, "o.", ">"),
            OrderIdSql.columns(ids, "o."),
            chunkSize - 1);
  }
}
