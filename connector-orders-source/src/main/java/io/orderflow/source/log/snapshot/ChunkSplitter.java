package io.orderflow.source.log.snapshot;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.catalog.RowEstimate;
import io.orderflow.source.read.KeyRange;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the primary key into ranges, one after the other. Where they are cut is found in the key's
 * index as it is just then: orders that come later fall into some range, or after the last, and it
 * makes no difference, since the stream tells them. The caller guards it.
 */
final class ChunkSplitter {

  /** A range and its number, counted from 0. */
  record Part(long number, KeyRange range) {}

  private static final Pattern ROWS = Pattern.compile(" rows=(\\d+)");

  private final CapturedTables tables;
  private final int orders;

  private long number;
  private @Nullable String reached;
  private boolean complete;
  private volatile long estimate = -1;

  /** Roughly how many orders were still to be read at the beginning. */
  private volatile long ahead = -1;

  /**
   * Begins after an order, or with the first.
   *
   * @param orders how many orders a range has
   */
  ChunkSplitter(CapturedTables tables, int orders, @Nullable String after) {
    this.tables = tables;
    this.orders = orders;
    this.reached = after;
  }

  /** The next part, without going on to it; empty after the last. */
  Optional<Part> next(Connection connection, OrderSchema layout) throws SQLException {
    if (complete) {
      return Optional.empty();
    }
    if (number == 0) {
      estimate = RowEstimate.of(connection, tables.orders());
      ahead = reached == null ? estimate : estimateAfter(connection, layout, reached);
    }
    String after = reached;
    try (PreparedStatement statement = connection.prepareStatement(sql(layout, after))) {
      if (after != null) {
        statement.setString(1, after);
      }
      try (ResultSet row = statement.executeQuery()) {
        return Optional.of(
            new Part(number, new KeyRange(after, row.next() ? row.getString(1) : null)));
      }
    }
  }

  /** Goes on to the part that comes after this one. */
  void advance(Part part) {
    number = part.number() + 1;
    reached = part.range().upTo();
    complete = reached == null;
  }

  /** Roughly how many orders there are in all; -1 while statistics have not told. */
  long estimate() {
    return estimate;
  }

  /**
   * How much of everything is read.
   *
   * @param parts how many were read since the beginning
   * @return from 0 to 1, by estimates; NaN where statistics do not tell
   */
  double share(long parts) {
    long all = estimate;
    if (all <= 0) {
      return Double.NaN;
    }
    double before = Math.max(0, all - ahead);
    return Math.min(1, (before + (double) parts * orders) / all);
  }

  /** The planner knows how the keys are spread, and only guesses where it has no statistics. */
  private long estimateAfter(Connection connection, OrderSchema layout, String after)
      throws SQLException {
    String id = Identifiers.quote(layout.ordersId());
    try (PreparedStatement statement =
        connection.prepareStatement(
            "EXPLAIN SELECT 1 FROM %s WHERE %s > %s::%s"
                .formatted(
                    tables.orders().quoted(),
                    id,
                    Identifiers.literal(after),
                    layout.idType().sqlName()))) {
      try (ResultSet plan = statement.executeQuery()) {
        Matcher rows = ROWS.matcher(plan.next() ? plan.getString(1) : "");
        return rows.find() ? Long.parseLong(rows.group(1)) : estimate;
      }
    }
  }

  private String sql(OrderSchema layout, @Nullable String after) {
    // With the table's name, since the bare name would be the text that is selected.
    String id = "o." + Identifiers.quote(layout.ordersId());
    return "SELECT %1$s::text FROM %2$s AS o %3$s ORDER BY %1$s OFFSET %4$d LIMIT 1"
        .formatted(
            id,
            tables.orders().quoted(),
            after == null ? "" : "WHERE %s > ?::%s".formatted(id, layout.idType().sqlName()),
            orders - 1);
  }
}
