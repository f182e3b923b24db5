package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.TableName;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * Writes the audit trail: a row for each change, in the transaction that makes it. An update that
 * changes nothing leaves no row.
 *
 * <p>The table has a partition for each month. A function of the shipped SQL creates those of this
 * month and the next. It is called before the first batch, and after a batch has failed because its
 * month has no partition.
 */
final class AuditRows {

  private static final String COLUMNS =
      "order_id, version, kind, payment_id, state, reason, skus, locations, reserved, on_hand,"
          + " unavailable, incoming, topic, kafka_partition, kafka_offset, trace_id";
  private static final int COLUMN_COUNT = 16;

  private final OrderIdColumn ids;
  private final BinaryCopy copying = new BinaryCopy();
  private final String copySql;
  private final String insertSql;
  private final String partitionsSql;

  private boolean hasPartitions;

  AuditRows(TableName table, OrderIdColumn ids) {
    this.ids = ids;
    copySql = "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table.quoted(), COLUMNS);
    insertSql =
        """
        INSERT INTO %s (%s)
        SELECT order_id, version, kind, payment_id, state, reason, skus::text[], locations::text[],
               reserved::bigint[], on_hand::bigint[], unavailable::bigint[], incoming::bigint[], topic,
               kafka_partition, kafka_offset, trace_id
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[], ?::text[], ?::text[], ?::text[], ?::integer[], ?::bigint[], ?::text[]) AS u (%s)
        ON CONFLICT DO NOTHING"""
            .formatted(table.quoted(), COLUMNS, ids.arrayType(), COLUMNS);
    partitionsSql = "SELECT " + WarehouseTables.months(table).quoted() + "()";
  }

  /** Creates missing partitions in a transaction of its own, unless that is done. */
  void createPartitions(Database database) throws SQLException {
    if (!hasPartitions) {
      database.transaction(
          connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(partitionsSql)) {
              return row.next();
            }
          });
      hasPartitions = true;
    }
  }

  /**
   * Writes rows.
   *
   * @throws SQLTransactionRollbackException if this month has no partition
   * @throws SQLException with {@link InsertStrategy#COPY} also a unique violation, if another
   *     transaction has written the same change
   */
  void write(SqlSession session, List<AuditRow> rows, InsertStrategy inserts) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    session.begin(Write.INSERT_AUDIT);
    try {
      switch (inserts) {
        case COPY -> copy(session, rows);
        case GUARDED -> insert(session, rows);
      }
    } catch (SQLException failure) {
      // The table has no check constraint.
      if (!SqlFailures.isMissingPartition(failure)) {
        throw failure;
      }
      hasPartitions = false;
      throw new SQLTransactionRollbackException(
          "the audit trail lacks this month's partition; the batch is repeated",
          SqlFailures.SERIALIZATION_FAILURE);
    }
  }

  private void copy(SqlSession session, List<AuditRow> rows) throws SQLException {
    BinaryCopy copy = copying.begin();
    for (AuditRow row : rows) {
      copy.row(COLUMN_COUNT);
      ids.write(copy, row.orderId());
      copy.bigint(row.version())
          .text(kind(row))
          .text(row.paymentId())
          .text(row.state())
          .text(row.reason());
      copy.texts(row.moved().keySet(), StockItem::sku)
          .texts(OrderSql.locations(row.moved().keySet()))
          .bigints(row.moved().values(), Effect::reserved)
          .bigints(row.moved().values(), Effect::onHand)
          .bigints(OrderSql.nullIfAllZero(row.moved(), Effect::unavailable))
          .bigints(OrderSql.nullIfAllZero(row.moved(), Effect::incoming));
      copy.text(row.origin().topic())
          .integer(row.origin().partition())
          .bigint(row.origin().offset())
          .text(row.origin().traceId());
    }
    // A trigger may keep rows out of the trail: they have no effect on stock.
    boolean unused = copy.send(session, copySql);
  }

  private void insert(SqlSession session, List<AuditRow> rows) throws SQLException {
    try (PreparedStatement statement = session.prepare(insertSql)) {
      statement.setObject(1, ids.array(rows.stream().map(AuditRow::orderId).toList()));
      statement.setObject(2, rows.stream().mapToLong(AuditRow::version).toArray());
      statement.setObject(3, Columns.texts(rows, AuditRows::kind));
      statement.setObject(4, Columns.texts(rows, AuditRow::paymentId));
      statement.setObject(5, Columns.texts(rows, AuditRow::state));
      statement.setObject(6, Columns.texts(rows, AuditRow::reason));
      statement.setObject(7, Columns.texts(rows, row -> OrderSql.skus(row.moved())));
      statement.setObject(8, Columns.texts(rows, row -> OrderSql.locations(row.moved())));
      statement.setObject(
          9, Columns.texts(rows, row -> OrderSql.numbers(row.moved(), Effect::reserved)));
      statement.setObject(
          10, Columns.texts(rows, row -> OrderSql.numbers(row.moved(), Effect::onHand)));
      statement.setObject(
          11,
          Columns.texts(
              rows, row -> OrderSql.textOrNullIfAllZero(row.moved(), Effect::unavailable)));
      statement.setObject(
          12,
          Columns.texts(rows, row -> OrderSql.textOrNullIfAllZero(row.moved(), Effect::incoming)));
      statement.setObject(13, Columns.texts(rows, row -> row.origin().topic()));
      statement.setObject(14, rows.stream().mapToInt(row -> row.origin().partition()).toArray());
      statement.setObject(15, rows.stream().mapToLong(row -> row.origin().offset()).toArray());
      statement.setObject(16, Columns.texts(rows, row -> row.origin().traceId()));
      statement.executeUpdate();
    }
  }

  private static String kind(AuditRow row) {
    return row.kind().name().toLowerCase(Locale.ROOT);
  }
}
