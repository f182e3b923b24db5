package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.OrderPayment;
import io.orderflow.sink.warehouse.WarehouseTables.OrderPaymentTables;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes payments that have IDs of their own, and the sums of each order. A payment is claimed by
 * writing a newer version onto exactly the version that was read, so that the difference between
 * both is added to the sums once.
 *
 * <p>Tasks that write different payments of one order meet in its sums only: each adds to what the
 * other has committed. Payments are written in the order of their IDs, and sums after them in the
 * order of theirs, so that tasks do not deadlock. On tables with triggers they can, since sums that
 * exist are locked before others are created; the batch is repeated then.
 */
final class OrderPaymentRows {

  private record Stored(long version, PaymentDifferences.Part part) {}

  /**
   * What a batch finds.
   *
   * @param payments by ID
   */
  private record Found(
      Map<String, Stored> payments,
      AmountColumn amount,
      AmountColumn paid,
      AmountColumn refunded,
      AmountColumn totalPaid,
      AmountColumn totalRefunded) {

    /** Requires the columns to hold the amounts of a payment as they are. */
    void requireExact(OrderPayment payment) throws SQLException {
      amount.require(payment.amount());
      paid.require(payment.paid());
      refunded.require(payment.refunded());
    }

    /** Requires the columns to hold differences of sums as they are. */
    void requireExact(List<PaymentDifferences.Total> totals) throws SQLException {
      for (PaymentDifferences.Total total : totals) {
        totalPaid.require(total.paid());
        totalRefunded.require(total.refunded());
      }
    }
  }

  private final OrderIdColumn ids;
  private final OrderPaymentTables tables;
  private final BinaryCopy copying = new BinaryCopy();
  private final OrderPaymentSql sql;

  OrderPaymentRows(OrderPaymentTables tables, OrderIdColumn ids) {
    this.ids = ids;
    this.tables = tables;
    this.sql = OrderPaymentSql.of(tables, ids);
  }

  /**
   * Writes payments that are newer than the stored ones, and moves the sums of their orders.
   *
   * @param readBack reads the sums again; null if no trigger can change them
   * @return the written rows
   * @throws ConcurrentChangeException if a payment has changed since it was read
   * @throws SQLException also a unique violation, if another transaction has inserted a payment,
   *     and a class 22 if an amount would be rounded
   */
  List<OrderPaymentRow> write(
      SqlSession session,
      List<OrderPayment> payments,
      InsertStrategy inserts,
      @Nullable WrittenRows readBack)
      throws SQLException {
    if (payments.isEmpty()) {
      return List.of();
    }
    List<OrderPayment> sorted =
        payments.stream().sorted(Comparator.comparing(OrderPayment::paymentId)).toList();
    Found found = read(session, sorted);
    Map<String, Stored> stored = found.payments();
    PaymentDifferences differences = new PaymentDifferences();
    List<OrderPaymentRow> fresh = new ArrayList<>();
    List<OrderPaymentRow> changed = new ArrayList<>();
    for (OrderPayment payment : sorted) {
      Stored known = stored.get(payment.paymentId());
      if (known == null) {
        found.requireExact(payment);
        fresh.add(OrderPaymentRow.of(payment, null));
        differences.add(null, payment);
      } else if (known.version() < payment.version()) {
        found.requireExact(payment);
        changed.add(OrderPaymentRow.of(payment, known.part().orderId()));
        differences.add(known.part(), payment);
      }
    }
    List<PaymentDifferences.Total> totals = differences.totals();
    found.requireExact(totals);
    if (!fresh.isEmpty()) {
      session.begin(Write.INSERT_ORDER_PAYMENTS);
    }
    switch (inserts) {
      case COPY -> copy(session, fresh);
      case GUARDED -> insert(session, fresh);
    }
    update(session, changed, stored);
    if (readBack == null) {
      addTotals(session, totals);
    } else if (!totals.isEmpty()) {
      List<PaymentDifferences.Total> sums = readBack.lockTotals(session, totals);
      addTotals(session, totals);
      readBack.requireTotals(session, sums);
    }
    fresh.addAll(changed);
    return fresh;
  }

  private Found read(SqlSession session, List<OrderPayment> payments) throws SQLException {
    Map<String, Stored> stored = new HashMap<>();
    try (PreparedStatement statement = session.prepare(sql.read())) {
      statement.setObject(1, Columns.texts(payments, OrderPayment::paymentId));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          stored.put(
              row.getString(1),
              new Stored(
                  row.getLong(2),
                  new PaymentDifferences.Part(
                      row.getObject(3) == null ? null : ids.read(row, 3),
                      row.getString(6),
                      row.getBigDecimal(4),
                      row.getBigDecimal(5))));
        }
        return found(stored, row.getMetaData());
      }
    }
  }

  private Found found(Map<String, Stored> stored, ResultSetMetaData result) throws SQLException {
    return new Found(
        stored,
        AmountColumn.of(result, 7, tables.payments() + ".amount"),
        AmountColumn.of(result, 4, tables.payments() + ".paid"),
        AmountColumn.of(result, 5, tables.payments() + ".refunded"),
        AmountColumn.of(result, 8, tables.totals() + ".paid"),
        AmountColumn.of(result, 9, tables.totals() + ".refunded"));
  }

  private void copy(SqlSession session, List<OrderPaymentRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    BinaryCopy copy = copying.begin();
    rows.forEach(row -> OrderPaymentSql.write(copy, ids, row));
    if (!copy.send(session, sql.copy())) {
      throw new ConcurrentChangeException("order payments");
    }
  }

  private void insert(SqlSession session, List<OrderPaymentRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = session.prepare(sql.insert())) {
      OrderPaymentSql.bind(statement, rows);
      requireAll(statement, rows.size(), "order payments");
    }
  }

  private void update(SqlSession session, List<OrderPaymentRow> rows, Map<String, Stored> stored)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    session.begin(Write.UPDATE_ORDER_PAYMENTS);
    try (PreparedStatement statement = session.prepare(sql.update())) {
      OrderPaymentSql.bind(statement, rows);
      statement.setObject(
          OrderPaymentSql.COLUMN_COUNT + 1,
          rows.stream()
              .map(row -> stored.get(row.payment().paymentId()))
              .mapToLong(Stored::version)
              .toArray());
      requireAll(statement, rows.size(), "order payments");
    }
  }

  private void addTotals(SqlSession session, List<PaymentDifferences.Total> totals)
      throws SQLException {
    if (totals.isEmpty()) {
      return;
    }
    session.begin(Write.UPSERT_PAYMENT_TOTALS);
    try (PreparedStatement statement = session.prepare(sql.addTotals())) {
      OrderPaymentSql.bindTotals(statement, ids, totals);
      requireAll(statement, totals.size(), "payment totals");
    }
  }

  private static void requireAll(PreparedStatement statement, int rows, String table)
      throws SQLException {
    if (statement.executeUpdate() != rows) {
      throw new ConcurrentChangeException(table);
    }
  }
}
