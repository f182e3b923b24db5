package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.PaymentUpdate;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements of the payments table; {@code p} is the stored row, {@code n} the new one. */
final class PaymentSql {

  /** A part of a row, with a version of its own. An update changes one part or both. */
  enum Part {
    PAID("version", "status", "amount", "currency", "provider", "reference"),
    DUE("due_version", "due", "due_currency");

    private final String version;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> columns;

    /** The first column is the version. */
    Part(String... columns) {
      this.version = columns[0];
      this.columns = List.of(columns);
    }

    private String isNewer() {
      return "n.%1$s IS NOT NULL AND (p.%1$s IS NULL OR p.%1$s < n.%1$s)".formatted(version);
    }
  }

  static final Set<Part> ALL = Collections.unmodifiableSet(EnumSet.allOf(Part.class));

  /** The number of columns that COPY writes: the order ID, and those of both parts. */
  static final int COLUMNS = 1 + Part.PAID.columns.size() + Part.DUE.columns.size();

  private final String table;
  private final String idArray;

  PaymentSql(TableName table, OrderIdColumn ids) {
    this.table = table.quoted();
    this.idArray = ids.arrayType();
  }

  /** The last columns only describe those of amounts, whose values are not read. */
  String read() {
    return """
        SELECT order_id, version, due_version,
               (SELECT amount FROM %1$s WHERE false), (SELECT due FROM %1$s WHERE false)
          FROM %1$s WHERE order_id = ANY (?::%2$s)"""
        .formatted(table, idArray);
  }

  String copy() {
    return "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table, columns(ALL));
  }

  /** Changes existing rows. */
  String update(Set<Part> parts) {
    return """
        UPDATE %s p SET %s
          FROM unnest(%s) AS n (%s)
         WHERE p.order_id = n.order_id AND (%s)"""
        .formatted(table, assignments(parts), arrays(parts), columns(parts), guard(parts));
  }

  /** Inserts rows, except for those that another transaction has inserted. */
  String insert() {
    return "INSERT INTO %s (%s) SELECT * FROM unnest(%s) ON CONFLICT (order_id) DO NOTHING"
        .formatted(table, columns(ALL), arrays(ALL));
  }

  private static String columns(Set<Part> parts) {
    List<String> columns = new ArrayList<>(List.of("order_id"));
    parts.forEach(part -> columns.addAll(part.columns));
    return String.join(", ", columns);
  }

  private String arrays(Set<Part> parts) {
    StringJoiner arrays = new StringJoiner(", ").add("?::" + idArray);
    for (Part part : parts) {
      for (String column : part.columns) {
        arrays.add("?::" + type(column) + "[]");
      }
    }
    return arrays.toString();
  }

  private static String type(String column) {
    return switch (column) {
      case "version", "due_version" -> "bigint";
      case "amount", "due" -> "numeric";
      default -> "text";
    };
  }

  /** With two parts, each row keeps the newer one of each part. */
  private static String assignments(Set<Part> parts) {
    StringJoiner assignments = new StringJoiner(", ");
    for (Part part : parts) {
      for (String column : part.columns) {
        assignments.add(
            parts.size() == 1
                ? "%1$s = n.%1$s".formatted(column)
                : "%1$s = CASE WHEN %2$s THEN n.%1$s ELSE p.%1$s END"
                    .formatted(column, part.isNewer()));
      }
    }
    return assignments.add("updated_at = now()").toString();
  }

  private static String guard(Set<Part> parts) {
    return parts.stream().map(part -> part.isNewer()).collect(Collectors.joining(" OR "));
  }

  /** Writes all fields of a row for COPY, except the order ID. */
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

  /** Binds the columns of payments, and returns the position after the last one. */
  static int bindPayments(PreparedStatement statement, int first, List<PaymentRow> rows)
      throws SQLException {
    List<@Nullable PaymentUpdate> payments = new ArrayList<>(rows.size());
    rows.forEach(row -> payments.add(row.payment()));
    statement.setObject(first, versions(payments, PaymentUpdate::version));
    statement.setObject(first + 1, Columns.texts(payments, PaymentUpdate::status));
    statement.setObject(first + 2, Columns.texts(payments, p -> Columns.number(p.amount())));
    statement.setObject(first + 3, Columns.texts(payments, PaymentUpdate::currency));
    statement.setObject(first + 4, Columns.texts(payments, PaymentUpdate::provider));
    statement.setObject(first + 5, Columns.texts(payments, PaymentUpdate::reference));
    return first + 6;
  }

  /** Binds the columns of amounts due. */
  static void bindDues(PreparedStatement statement, int first, List<PaymentRow> rows)
      throws SQLException {
    List<@Nullable AmountDue> dues = new ArrayList<>(rows.size());
    rows.forEach(row -> dues.add(row.due()));
    statement.setObject(first, versions(dues, AmountDue::version));
    statement.setObject(first + 1, Columns.texts(dues, due -> Columns.number(due.due())));
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
}
