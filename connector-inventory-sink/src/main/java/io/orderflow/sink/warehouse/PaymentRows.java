package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.PaymentUpdate;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes the payments table. What is due and what was paid go into the same row, each under the
 * guard of its own version, and in one statement: two statements, each in order of IDs, would let
 * two tasks wait for each other.
 */
final class PaymentRows {

  /** What a batch says of one order. */
  private record Row(Object orderId, @Nullable PaymentUpdate payment, @Nullable AmountDue due) {}

  private final OrderIds ids;
  private final String paymentsSql;
  private final String duesSql;
  private final String bothSql;

  PaymentRows(WarehouseTables tables, OrderIds ids) {
    this.ids = ids;
    this.paymentsSql = PaymentSql.payments(tables.payments(), ids);
    this.duesSql = PaymentSql.dues(tables.payments(), ids);
    this.bothSql = PaymentSql.both(tables.payments(), ids);
  }

  void upsert(Connection connection, List<PaymentUpdate> payments, List<AmountDue> dues)
      throws SQLException {
    if (payments.isEmpty() && dues.isEmpty()) {
      return;
    }
    List<Row> rows = rows(payments, dues);
    String sql = dues.isEmpty() ? paymentsSql : payments.isEmpty() ? duesSql : bothSql;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, ids.array(rows.stream().map(Row::orderId).toList()));
      int next = 2;
      if (!payments.isEmpty()) {
        next = bindPayments(statement, next, rows);
      }
      if (!dues.isEmpty()) {
        bindDues(statement, next, rows);
      }
      statement.executeUpdate();
    }
  }

  private static List<Row> rows(List<PaymentUpdate> payments, List<AmountDue> dues) {
    Map<Object, Row> rows = new HashMap<>(2 * (payments.size() + dues.size()));
    payments.forEach(p -> rows.put(p.orderId(), new Row(p.orderId(), p, null)));
    dues.forEach(
        due ->
            rows.merge(
                due.orderId(),
                new Row(due.orderId(), null, due),
                (known, added) -> new Row(known.orderId(), known.payment(), due)));
    List<Row> sorted = new ArrayList<>(rows.values());
    sorted.sort((one, other) -> OrderIds.compare(one.orderId(), other.orderId()));
    return sorted;
  }

  private static int bindPayments(PreparedStatement statement, int first, List<Row> rows)
      throws SQLException {
    List<@Nullable PaymentUpdate> payments = new ArrayList<>(rows.size());
    rows.forEach(row -> payments.add(row.payment()));
    statement.setObject(first, versions(payments, PaymentUpdate::version));
    statement.setObject(first + 1, texts(payments, PaymentUpdate::status));
    statement.setObject(first + 2, texts(payments, p -> number(p.amount())));
    statement.setObject(first + 3, texts(payments, PaymentUpdate::currency));
    statement.setObject(first + 4, texts(payments, PaymentUpdate::provider));
    statement.setObject(first + 5, texts(payments, PaymentUpdate::reference));
    return first + 6;
  }

  private static void bindDues(PreparedStatement statement, int first, List<Row> rows)
      throws SQLException {
    List<@Nullable AmountDue> dues = new ArrayList<>(rows.size());
    rows.forEach(row -> dues.add(row.due()));
    statement.setObject(first, texts(dues, due -> number(due.due())));
    statement.setObject(first + 1, texts(dues, AmountDue::currency));
    statement.setObject(first + 2, versions(dues, AmountDue::version));
  }

  private static <U> @Nullable Long[] versions(
      List<@Nullable U> updates, Function<U, Long> version) {
    @Nullable Long[] column = new @Nullable Long[updates.size()];
    for (int i = 0; i < column.length; i++) {
      U update = updates.get(i);
      column[i] = update == null ? null : version.apply(update);
    }
    return column;
  }

  private static <U> @Nullable String[] texts(
      List<@Nullable U> updates, Function<U, @Nullable String> text) {
    @Nullable String[] column = new @Nullable String[updates.size()];
    for (int i = 0; i < column.length; i++) {
      U update = updates.get(i);
      column[i] = update == null ? null : text.apply(update);
    }
    return column;
  }

  private static @Nullable String number(@Nullable BigDecimal number) {
    return number == null ? null : number.toPlainString();
  }
}
