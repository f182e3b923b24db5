package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.TableName;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.update.Effect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * Writes the audit trail: a row for each change, in the transaction that makes it. What is applied
 * again changes nothing, and so leaves no row. The table has a partition for each month. A function
 * of the shipped SQL makes those of this month and the next: at the first batch, and whenever a
 * month turns out to be missing, which costs one transaction that is tried again.
 */
final class AuditRows {

  private static final String COLUMNS =
      "order_id, version, kind, state, reason, skus, reserved, on_hand, topic, kafka_partition,"
          + " kafka_offset, trace_id";
  private static final int COLUMN_COUNT = 12;

  /** A row for which there is no partition is said to violate a check; the table has no other. */
  private static final String NO_PARTITION = "23514";

  private final OrderIdColumn ids;
  private final BinaryCopy copying = new BinaryCopy();
  private final String copySql;
  private final String insertSql;
  private final String monthsSql;

  private boolean hasMonths;

  AuditRows(TableName table, OrderIdColumn ids) {
    this.ids = ids;
    copySql = "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table.quoted(), COLUMNS);
    insertSql =
        """
        INSERT INTO %s (%s)
        SELECT order_id, version, kind, state, reason, skus::text[], reserved::bigint[], on_hand::bigint[],
               topic, kafka_partition, kafka_offset, trace_id
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[], ?::integer[], ?::bigint[], ?::text[]) AS u (%s)
        ON CONFLICT DO NOTHING"""
            .formatted(table.quoted(), COLUMNS, ids.arrayType(), COLUMNS);
    monthsSql = "SELECT " + WarehouseTables.months(table).quoted() + "()";
  }

  /** Makes the partitions that are missing, in a transaction of its own. */
  void prepare(Database database) throws SQLException {
    if (!hasMonths) {
      hasMonths =
          database.transaction(
              connection -> {
                try (Statement statement = connection.createStatement()) {
                  return statement.execute(monthsSql);
                }
              });
    }
  }

  /**
   * Writes rows.
   *
   * @throws ConcurrentChangeException when there is no partition for this month
   * @throws SQLException with {@link InsertStrategy#COPY} also as a unique violation, when a change
   *     has its row by now
   */
  void write(Connection connection, List<AuditRow> rows, InsertStrategy inserts)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try {
      switch (inserts) {
        case COPY -> copy(connection, rows);
        case GUARDED -> insert(connection, rows);
      }
    } catch (SQLException failure) {
      if (SqlFailures.sqlState(failure).filter(NO_PARTITION::equals).isEmpty()) {
        throw failure;
      }
      hasMonths = false;
      throw new ConcurrentChangeException("months of the audit trail");
    }
  }

  private void copy(Connection connection, List<AuditRow> rows) throws SQLException {
    BinaryCopy copy = copying.begin();
    for (AuditRow row : rows) {
      copy.row(COLUMN_COUNT);
      ids.write(copy, row.orderId());
      copy.bigint(row.version()).text(kind(row)).text(row.state()).text(row.reason());
      copy.texts(row.moved().keySet())
          .bigints(row.moved().values(), Effect::reserved)
          .bigints(row.moved().values(), Effect::onHand);
      copy.text(row.origin().topic())
          .integer(row.origin().partition())
          .bigint(row.origin().offset())
          .text(row.origin().traceId());
    }
    copy.into(connection, copySql);
  }

  private void insert(Connection connection, List<AuditRow> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(insertSql)) {
      statement.setObject(1, ids.array(rows.stream().map(AuditRow::orderId).toList()));
      statement.setObject(2, rows.stream().mapToLong(AuditRow::version).toArray());
      statement.setObject(3, Columns.texts(rows, AuditRows::kind));
      statement.setObject(4, Columns.texts(rows, AuditRow::state));
      statement.setObject(5, Columns.texts(rows, AuditRow::reason));
      statement.setObject(6, Columns.texts(rows, row -> OrderSql.skus(row.moved())));
      statement.setObject(
          7, Columns.texts(rows, row -> OrderSql.numbers(row.moved(), Effect::reserved)));
      statement.setObject(
          8, Columns.texts(rows, row -> OrderSql.numbers(row.moved(), Effect::onHand)));
      statement.setObject(9, Columns.texts(rows, row -> row.origin().topic()));
      statement.setObject(10, rows.stream().mapToInt(row -> row.origin().partition()).toArray());
      statement.setObject(11, rows.stream().mapToLong(row -> row.origin().offset()).toArray());
      statement.setObject(12, Columns.texts(rows, row -> row.origin().traceId()));
      statement.executeUpdate();
    }
  }

  private static String kind(AuditRow row) {
    return row.kind().name().toLowerCase(Locale.ROOT);
  }
}
