package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.PaymentUpdate;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How payment rows go into statements: all columns but the order ID, as {@link PaymentSql} has
 * them.
 */
final class PaymentColumns {

  private PaymentColumns() {}

  static void write(BinaryCopy copy, PaymentRow row) {
    PaymentUpdate paid = row.payment();
    AmountDue due = row.due();
    copy.bigint(paid == null ? null : (Long) paid.version())
        .text(paid == null ? null : paid.status())
        .numeric(paid == null ? null : paid.amount())
        .text(paid == null ? null : paid.currency())
        .text(paid == null ? null : paid.provider())
        .text(paid == null ? null : paid.reference())
        .bigint(due == null ? null : (Long) due.version())
        .numeric(due == null ? null : due.due())
        .text(due == null ? null : due.currency());
  }

  /** Returns the position after the last that was bound. */
  static int bindPayments(PreparedStatement statement, int first, List<PaymentRow> rows)
      throws SQLException {
    List<@Nullable PaymentUpdate> payments = new ArrayList<>(rows.size());
    rows.forEach(row -> payments.add(row.payment()));
    statement.setObject(first, versions(payments, PaymentUpdate::version));
    statement.setObject(first + 1, Columns.texts(payments, PaymentUpdate::status));
    statement.setObject(first + 2, Columns.texts(payments, p -> number(p.amount())));
    statement.setObject(first + 3, Columns.texts(payments, PaymentUpdate::currency));
    statement.setObject(first + 4, Columns.texts(payments, PaymentUpdate::provider));
    statement.setObject(first + 5, Columns.texts(payments, PaymentUpdate::reference));
    return first + 6;
  }

  static void bindDues(PreparedStatement statement, int first, List<PaymentRow> rows)
      throws SQLException {
    List<@Nullable AmountDue> dues = new ArrayList<>(rows.size());
    rows.forEach(row -> dues.add(row.due()));
    statement.setObject(first, versions(dues, AmountDue::version));
    statement.setObject(first + 1, Columns.texts(dues, due -> number(due.due())));
    statement.setObject(first + 2, Columns.texts(dues, AmountDue::currency));
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

  private static @Nullable String number(@Nullable BigDecimal number) {
    return number == null ? null : number.toPlainString();
  }
}
