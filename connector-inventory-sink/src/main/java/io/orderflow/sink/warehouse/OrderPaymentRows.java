package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.OrderPayment;
import io.orderflow.sink.warehouse.WarehouseTables.OrderPaymentTables;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes payments that have IDs of their own, and the sums of each order. A payment is claimed by
 * writing a newer version onto exactly the version that was read, so that the difference between
 * both is added to the sums once.
 *
 * <p>Tasks that write different payments of one order meet in its sums only: each adds to what the
 * other has committed. Payments are written in the order of their IDs, and sums after them in the
 * order of theirs, so that tasks do not deadlock.
 */
final class OrderPaymentRows {

  private record Stored(long version, PaymentDifferences.Part part) {}

  private final OrderIdColumn ids;
  private final BinaryCopy copying = new BinaryCopy();
  private final OrderPaymentSql sql;

  OrderPaymentRows(OrderPaymentTables tables, OrderIdColumn ids) {
    this.ids = ids;
    this.sql = OrderPaymentSql.of(tables, ids);
  }

  /**
   * Writes payments that are newer than the stored ones, and moves the sums of their orders.
   *
   * @return the written rows
   * @throws ConcurrentChangeException if a payment has changed since it was read
   * @throws SQLException also a unique violation, if another transaction has inserted a payment
   */
  List<OrderPaymentRow> write(
      SqlSession session, List<OrderPayment> payments, InsertStrategy inserts) throws SQLException {
    if (payments.isEmpty()) {
      return List.of();
    }
    List<OrderPayment> sorted =
        payments.stream().sorted(Comparator.comparing(OrderPayment::paymentId)).toList();
    Map<String, Stored> stored = read(session, sorted);
    PaymentDifferences differences = new PaymentDifferences();
    List<OrderPaymentRow> fresh = new ArrayList<>();
    List<OrderPaymentRow> changed = new ArrayList<>();
    for (OrderPayment payment : sorted) {
      Stored known = stored.get(payment.paymentId());
      if (known == null) {
        fresh.add(OrderPaymentRow.of(payment, null));
        differences.add(null, payment);
      } else if (known.version() < payment.version()) {
        changed.add(OrderPaymentRow.of(payment, known.part().orderId()));
        differences.add(known.part(), payment);
      }
    }
    if (!fresh.isEmpty()) {
      session.begin(Write.INSERT_ORDER_PAYMENTS);
    }
    switch (inserts) {
      case COPY -> copy(session, fresh);
      case GUARDED -> insert(session, fresh);
    }
    update(session, changed, stored);
    addTotals(session, differences.totals());
    fresh.addAll(changed);
    return fresh;
  }

  private Map<String, Stored> read(SqlSession session, List<OrderPayment> payments)
      throws SQLException {
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
      }
    }
    return stored;
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
