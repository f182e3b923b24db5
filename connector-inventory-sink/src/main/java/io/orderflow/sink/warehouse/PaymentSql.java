package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
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
 * The statements of the payments table, and how rows are bound to them; {@code p} is the row that
 * is there.
 */
record PaymentSql(String read, String copy, String payments, String dues, String both) {

  /** How many columns a COPY has. */
  static final int COLUMNS = 10;

  private static final String PAID =
      "EXCLUDED.version IS NOT NULL AND (p.version IS NULL OR p.version < EXCLUDED.version)";
  private static final String DUE =
      "EXCLUDED.due_version IS NOT NULL"
          + " AND (p.due_version IS NULL OR p.due_version < EXCLUDED.due_version)";
  private static final String ALL =
      "order_id, version, status, amount, currency, provider, reference, due, due_currency,"
          + " due_version";

  static PaymentSql of(TableName table, OrderIds ids) {
    return new PaymentSql(
        """
        SELECT i.n, p.version, p.due_version
          FROM unnest(?::%s) WITH ORDINALITY AS i (order_id, n)
          JOIN %s p ON p.order_id = i.order_id"""
            .formatted(ids.arrayType(), table.quoted()),
        "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table.quoted(), ALL),
        paymentsSql(table, ids),
        duesSql(table, ids),
        bothSql(table, ids));
  }

  /**
   * @param paid whether any row has a payment
   * @param owed whether any row has an amount due
   */
  String upsert(boolean paid, boolean owed) {
    return paid && owed ? both : paid ? payments : dues;
  }

  private static String paymentsSql(TableName table, OrderIds ids) {
    return """
        INSERT INTO %s AS p (order_id, version, status, amount, currency, provider, reference)
        SELECT * FROM unnest(?::%s, ?::bigint[], ?::text[], ?::numeric[], ?::text[], ?::text[], ?::text[])
        ON CONFLICT (order_id) DO UPDATE
           SET version = EXCLUDED.version, status = EXCLUDED.status, amount = EXCLUDED.amount,
               currency = EXCLUDED.currency, provider = EXCLUDED.provider,
               reference = EXCLUDED.reference, updated_at = now()
         WHERE %s"""
        .formatted(table.quoted(), ids.arrayType(), PAID);
  }

  private static String duesSql(TableName table, OrderIds ids) {
    return """
        INSERT INTO %s AS p (order_id, due, due_currency, due_version)
        SELECT * FROM unnest(?::%s, ?::numeric[], ?::text[], ?::bigint[])
        ON CONFLICT (order_id) DO UPDATE
           SET due = EXCLUDED.due, due_currency = EXCLUDED.due_currency,
               due_version = EXCLUDED.due_version, updated_at = now()
         WHERE %s"""
        .formatted(table.quoted(), ids.arrayType(), DUE);
  }

  private static String bothSql(TableName table, OrderIds ids) {
    return """
        INSERT INTO %s AS p (%s)
        SELECT * FROM unnest(?::%s, ?::bigint[], ?::text[], ?::numeric[], ?::text[], ?::text[], ?::text[],
                             ?::numeric[], ?::text[], ?::bigint[])
        ON CONFLICT (order_id) DO UPDATE
           SET %s, %s, updated_at = now()
         WHERE (%s) OR (%s)"""
        .formatted(
            table.quoted(),
            ALL,
            ids.arrayType(),
            newer(PAID, "version", "status", "amount", "currency", "provider", "reference"),
            newer(DUE, "due", "due_currency", "due_version"),
            PAID,
            DUE);
  }

  private static String newer(String condition, String... columns) {
    StringBuilder sql = new StringBuilder();
    for (String column : columns) {
      sql.append(sql.isEmpty() ? "" : ", ")
          .append(column)
          .append(" = CASE WHEN ")
          .append(condition)
          .append(" THEN EXCLUDED.")
          .append(column)
          .append(" ELSE p.")
          .append(column)
          .append(" END");
    }
    return sql.toString();
  }

  /** Writes all columns but the order ID. */
  static void write(BinaryCopy copy, PaymentRow row) {
    PaymentUpdate paid = row.payment();
    AmountDue due = row.due();
    copy.bigint(paid == null ? null : (Long) paid.version())
        .text(paid == null ? null : paid.status())
        .numeric(paid == null ? null : paid.amount())
        .text(paid == null ? null : paid.currency())
        .text(paid == null ? null : paid.provider())
        .text(paid == null ? null : paid.reference())
        .numeric(due == null ? null : due.due())
        .text(due == null ? null : due.currency())
        .bigint(due == null ? null : (Long) due.version());
  }

  /** Returns the position after the last that was bound. */
  static int bindPayments(PreparedStatement statement, int first, List<PaymentRow> rows)
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

  static void bindDues(PreparedStatement statement, int first, List<PaymentRow> rows)
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
