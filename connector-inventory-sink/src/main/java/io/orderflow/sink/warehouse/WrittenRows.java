package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.OrderPayment;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.warehouse.WarehouseTables.OrderPaymentTables;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows again that a transaction has written, on tables with triggers that may change a row
 * before it is written. With another key or version, a replay would apply the same record again, or
 * a newer one would be taken for old; with other effects, the next version would move stock
 * wrongly.
 */
final class WrittenRows {

  private final OrderIdColumn ids;
  private final String ordersSql;
  private final String paymentsSql;
  private final String orderPaymentsSql;
  private final String lockTotalsSql;
  private final String totalsSql;
  private final String stockSql;

  WrittenRows(WarehouseTables tables, OrderIdColumn ids) {
    this.ids = ids;
    ordersSql =
        """
        SELECT count(*)
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
               AS u (order_id, version, skus, locations, reserved, on_hand_delta, unavailable, incoming)
          JOIN %s o ON o.order_id = u.order_id AND o.version = u.version
           AND o.skus = u.skus::text[]
           AND o.locations IS NOT DISTINCT FROM u.locations::text[] AND o.reserved = u.reserved::bigint[]
           AND o.on_hand_delta = u.on_hand_delta::bigint[]
           AND o.unavailable IS NOT DISTINCT FROM u.unavailable::bigint[]
           AND o.incoming IS NOT DISTINCT FROM u.incoming::bigint[]"""
            .formatted(ids.arrayType(), tables.orders().quoted());
    paymentsSql =
        """
        SELECT count(*)
          FROM unnest(?::%s, ?::bigint[], ?::bigint[]) AS u (order_id, version, due_version)
          JOIN %s p ON p.order_id = u.order_id AND p.version IS NOT DISTINCT FROM coalesce(u.version, p.version)
           AND p.due_version IS NOT DISTINCT FROM coalesce(u.due_version, p.due_version)"""
            .formatted(ids.arrayType(), tables.payments().quoted());
    OrderPaymentTables ofOrders = tables.orderPayments();
    orderPaymentsSql =
        ofOrders == null
            ? ""
            : """
            SELECT count(*)
              FROM unnest(?::text[], ?::%s, ?::bigint[], ?::numeric[], ?::numeric[], ?::text[])
                   AS u (payment_id, order_id, version, paid, refunded, currency)
              JOIN %s p ON p.payment_id = u.payment_id AND p.version = u.version
               AND p.order_id IS NOT DISTINCT FROM u.order_id AND p.paid = u.paid
               AND p.refunded = u.refunded AND p.currency IS NOT DISTINCT FROM u.currency"""
                .formatted(ids.arrayType(), ofOrders.payments().quoted());
    lockTotalsSql =
        ofOrders == null
            ? ""
            : """
            SELECT u.n, t.paid, t.refunded
              FROM unnest(?::%s, ?::text[]) WITH ORDINALITY AS u (order_id, currency, n)
              JOIN %s t ON t.order_id = u.order_id AND t.currency = u.currency
             ORDER BY u.n FOR UPDATE OF t"""
                .formatted(ids.arrayType(), ofOrders.totals().quoted());
    totalsSql =
        ofOrders == null
            ? ""
            : """
            SELECT count(*)
              FROM unnest(?::%s, ?::text[], ?::numeric[], ?::numeric[])
                   AS u (order_id, currency, paid, refunded)
              JOIN %s t ON t.order_id = u.order_id AND t.currency = u.currency
               AND t.paid = u.paid AND t.refunded = u.refunded"""
                .formatted(ids.arrayType(), ofOrders.totals().quoted());
    stockSql =
        """
        SELECT count(*)
          FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
               AS u (sku, location, on_hand, reserved, unavailable, incoming)
          JOIN %s s ON s.sku = u.sku AND s.location = u.location AND s.on_hand = u.on_hand AND s.reserved = u.reserved
           AND s.unavailable = u.unavailable AND s.incoming = u.incoming"""
            .formatted(tables.stock().quoted());
  }

  /**
   * Requires orders to be stored as they were written.
   *
   * @throws ConcurrentChangeException if one is not
   */
  void requireOrders(SqlSession session, List<Outcome> outcomes) throws SQLException {
    try (PreparedStatement statement = session.prepare(ordersSql)) {
      statement.setObject(1, ids.array(outcomes.stream().map(Outcome::orderId).toList()));
      statement.setObject(2, outcomes.stream().mapToLong(Outcome::version).toArray());
      statement.setObject(3, Columns.texts(outcomes, o -> OrderSql.skus(o.effects())));
      statement.setObject(4, Columns.texts(outcomes, o -> OrderSql.locations(o.effects())));
      statement.setObject(
          5, Columns.texts(outcomes, o -> OrderSql.numbers(o.effects(), Effect::reserved)));
      statement.setObject(
          6, Columns.texts(outcomes, o -> OrderSql.numbers(o.effects(), Effect::onHand)));
      statement.setObject(
          7,
          Columns.texts(
              outcomes, o -> OrderSql.textOrNullIfAllZero(o.effects(), Effect::unavailable)));
      statement.setObject(
          8,
          Columns.texts(
              outcomes, o -> OrderSql.textOrNullIfAllZero(o.effects(), Effect::incoming)));
      require(statement, outcomes.size(), "orders");
    }
  }

  /** The same for the versions of payments and amounts due. */
  void requirePayments(SqlSession session, List<PaymentRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = session.prepare(paymentsSql)) {
      statement.setObject(1, ids.array(rows.stream().map(PaymentRow::orderId).toList()));
      @Nullable Long[] versions = new @Nullable Long[rows.size()];
      @Nullable Long[] dueVersions = new @Nullable Long[rows.size()];
      for (int i = 0; i < rows.size(); i++) {
        PaymentUpdate payment = rows.get(i).payment();
        versions[i] = payment == null ? null : (Long) payment.version();
        AmountDue due = rows.get(i).due();
        dueVersions[i] = due == null ? null : (Long) due.version();
      }
      statement.setObject(2, versions);
      statement.setObject(3, dueVersions);
      require(statement, rows.size(), "payments");
    }
  }

  /** The same for payments that have IDs of their own. */
  void requireOrderPayments(SqlSession session, List<OrderPaymentRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    List<OrderPayment> payments = rows.stream().map(OrderPaymentRow::payment).toList();
    try (PreparedStatement statement = session.prepare(orderPaymentsSql)) {
      statement.setObject(1, Columns.texts(payments, OrderPayment::paymentId));
      statement.setObject(
          2,
          Columns.texts(rows, row -> row.orderId() == null ? null : String.valueOf(row.orderId())));
      statement.setObject(3, payments.stream().mapToLong(OrderPayment::version).toArray());
      statement.setObject(4, Columns.texts(payments, p -> Columns.number(p.paid())));
      statement.setObject(5, Columns.texts(payments, p -> Columns.number(p.refunded())));
      statement.setObject(6, Columns.texts(payments, OrderPayment::currency));
      require(statement, rows.size(), "order payments");
    }
  }

  /**
   * Locks sums, which are then known until the transaction ends. Sums that do not exist yet cannot
   * be locked in their place in the order, so that tasks can deadlock; the batch is repeated then.
   *
   * @param differences in the order in which all tasks lock the sums that exist
   * @return what the sums are to be when the differences are added
   */
  List<PaymentDifferences.Total> lockTotals(
      SqlSession session, List<PaymentDifferences.Total> differences) throws SQLException {
    List<PaymentDifferences.Total> sums = new ArrayList<>(differences);
    try (PreparedStatement statement = session.prepare(lockTotalsSql)) {
      statement.setObject(
          1, ids.array(differences.stream().map(PaymentDifferences.Total::orderId).toList()));
      statement.setObject(2, Columns.texts(differences, PaymentDifferences.Total::currency));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          int n = row.getInt(1) - 1;
          sums.set(n, differences.get(n).plus(row.getBigDecimal(2), row.getBigDecimal(3)));
        }
      }
    }
    return sums;
  }

  /**
   * The same for sums.
   *
   * @param sums as they are to be
   */
  void requireTotals(SqlSession session, List<PaymentDifferences.Total> sums) throws SQLException {
    try (PreparedStatement statement = session.prepare(totalsSql)) {
      OrderPaymentSql.bindTotals(statement, ids, sums);
      require(statement, sums.size(), "payment totals");
    }
  }

  /**
   * The same for stock.
   *
   * @param before the rows as they were locked
   */
  void requireStock(
      SqlSession session, Map<StockItem, Stock> before, SortedMap<StockItem, Effect> changes)
      throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    List<Stock> after =
        changes.entrySet().stream()
            .map(change -> after(before.get(change.getKey()), change.getValue()))
            .toList();
    try (PreparedStatement statement = session.prepare(stockSql)) {
      statement.setObject(1, StockRows.skus(changes.keySet()));
      statement.setObject(2, StockRows.locations(changes.keySet()));
      statement.setObject(3, after.stream().mapToLong(Stock::onHand).toArray());
      statement.setObject(4, after.stream().mapToLong(Stock::reserved).toArray());
      statement.setObject(5, after.stream().mapToLong(Stock::unavailable).toArray());
      statement.setObject(6, after.stream().mapToLong(Stock::incoming).toArray());
      require(statement, changes.size(), "stock");
    }
  }

  private static Stock after(@Nullable Stock before, Effect change) {
    return (before == null ? new Stock(0, 0) : before).plus(change);
  }

  private static void require(PreparedStatement statement, int rows, String table)
      throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      if (row.getInt(1) != rows) {
        throw new ConcurrentChangeException(table);
      }
    }
  }
}
