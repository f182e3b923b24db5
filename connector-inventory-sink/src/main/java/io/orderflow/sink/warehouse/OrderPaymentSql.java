package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.OrderPayment;
import io.orderflow.sink.warehouse.WarehouseTables.OrderPaymentTables;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements of payments that have IDs of their own, and the binding of payments to them. */
record OrderPaymentSql(String read, String copy, String insert, String update, String addTotals) {

  /** The number of columns that COPY writes. */
  static final int COLUMN_COUNT = 11;

  private static final String COLUMNS =
      "payment_id, order_id, version, state, status, amount, paid, refunded, currency, provider,"
          + " reference";

  static OrderPaymentSql of(OrderPaymentTables tables, OrderIdColumn ids) {
    String payments = tables.payments().quoted();
    String arrays =
        "?::text[], ?::%s, ?::bigint[], ?::text[], ?::text[], ?::numeric[], ?::numeric[],"
                .formatted(ids.arrayType())
            + " ?::numeric[], ?::text[], ?::text[], ?::text[]";
    return new OrderPaymentSql(
        // The last columns only describe those of amounts, and keep both tables as they are.
        """
        SELECT payment_id, version, order_id, paid, refunded, currency, amount,
               (SELECT paid FROM %2$s WHERE false), (SELECT refunded FROM %2$s WHERE false)
          FROM %1$s WHERE payment_id = ANY (?::text[])"""
            .formatted(payments, tables.totals().quoted()),
        "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(payments, COLUMNS),
        "INSERT INTO %s (%s) SELECT * FROM unnest(%s) ON CONFLICT (payment_id) DO NOTHING"
            .formatted(payments, COLUMNS, arrays),
        """
        UPDATE %s p
           SET order_id = n.order_id, version = n.version, state = n.state, status = n.status,
               amount = n.amount, paid = n.paid, refunded = n.refunded, currency = n.currency,
               provider = n.provider, reference = n.reference, updated_at = now()
          FROM unnest(%s, ?::bigint[]) AS n (%s, read_version)
         WHERE p.payment_id = n.payment_id AND p.version = n.read_version"""
            .formatted(payments, arrays, COLUMNS),
        """
        INSERT INTO %s AS t (order_id, currency, paid, refunded)
        SELECT * FROM unnest(?::%s, ?::text[], ?::numeric[], ?::numeric[])
        ON CONFLICT (order_id, currency) DO UPDATE
           SET paid = t.paid + EXCLUDED.paid, refunded = t.refunded + EXCLUDED.refunded,
               updated_at = now()"""
            .formatted(tables.totals().quoted(), ids.arrayType()));
  }

  /** Binds an array for each column. */
  static void bind(PreparedStatement statement, List<OrderPaymentRow> rows) throws SQLException {
    List<OrderPayment> payments = rows.stream().map(OrderPaymentRow::payment).toList();
    statement.setObject(1, Columns.texts(payments, OrderPayment::paymentId));
    statement.setObject(2, Columns.texts(rows, row -> text(row.orderId())));
    statement.setObject(3, payments.stream().mapToLong(OrderPayment::version).toArray());
    statement.setObject(4, Columns.texts(payments, p -> p.state().name()));
    statement.setObject(5, Columns.texts(payments, OrderPayment::status));
    statement.setObject(6, Columns.texts(payments, p -> Columns.number(p.amount())));
    statement.setObject(7, Columns.texts(payments, p -> Columns.number(p.paid())));
    statement.setObject(8, Columns.texts(payments, p -> Columns.number(p.refunded())));
    statement.setObject(9, Columns.texts(payments, OrderPayment::currency));
    statement.setObject(10, Columns.texts(payments, OrderPayment::provider));
    statement.setObject(11, Columns.texts(payments, OrderPayment::reference));
  }

  /** Writes a row for COPY. */
  static void write(BinaryCopy copy, OrderIdColumn ids, OrderPaymentRow row) {
    OrderPayment payment = row.payment();
    copy.row(COLUMN_COUNT).text(payment.paymentId());
    Object orderId = row.orderId();
    if (orderId == null) {
      copy.text(null);
    } else {
      ids.write(copy, orderId);
    }
    copy.bigint(payment.version())
        .text(payment.state().name())
        .text(payment.status())
        .numeric(payment.amount())
        .numeric(payment.paid())
        .numeric(payment.refunded())
        .text(payment.currency())
        .text(payment.provider())
        .text(payment.reference());
  }

  static void bindTotals(
      PreparedStatement statement, OrderIdColumn ids, List<PaymentDifferences.Total> totals)
      throws SQLException {
    statement.setObject(
        1, ids.array(totals.stream().map(PaymentDifferences.Total::orderId).toList()));
    statement.setObject(2, Columns.texts(totals, PaymentDifferences.Total::currency));
    statement.setObject(3, Columns.texts(totals, total -> Columns.number(total.paid())));
    statement.setObject(4, Columns.texts(totals, total -> Columns.number(total.refunded())));
  }

  private static @Nullable String text(@Nullable Object id) {
    return id == null ? null : id.toString();
  }
}
