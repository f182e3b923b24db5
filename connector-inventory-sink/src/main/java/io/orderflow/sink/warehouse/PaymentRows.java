package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.warehouse.PaymentSql.Part;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the payments table. What is due and what was paid go into the same row, each under the
 * guard of its own version, and in one statement: two statements, each in order of IDs, would let
 * two tasks wait for each other. Rows that are new come in before others are changed, in every
 * task.
 */
final class PaymentRows {

  private final OrderIdColumn ids;
  private final BinaryCopy copying = new BinaryCopy();
  private final PaymentSql sql;

  PaymentRows(WarehouseTables tables, OrderIdColumn ids) {
    this.ids = ids;
    this.sql = new PaymentSql(tables.payments(), ids);
  }

  /**
   * Writes what is newer than what is stored.
   *
   * @return that
   * @throws ConcurrentChangeException when a row is not as it was read
   * @throws SQLException also as a unique violation, when a row is there by now that was not
   */
  List<PaymentRow> write(
      Connection connection,
      List<PaymentUpdate> payments,
      List<AmountDue> dues,
      InsertStrategy inserts)
      throws SQLException {
    List<PaymentRow> rows = PaymentRow.of(payments, dues);
    if (rows.isEmpty()) {
      return rows;
    }
    Map<Object, PaymentRow.Stored> stored = read(connection, rows);
    List<PaymentRow> fresh = new ArrayList<>();
    List<PaymentRow> changed = new ArrayList<>();
    for (PaymentRow row : rows) {
      PaymentRow.Stored known = stored.get(row.orderId());
      PaymentRow newer = row.since(known);
      if (!newer.isEmpty()) {
        (known == null ? fresh : changed).add(newer);
      }
    }
    switch (inserts) {
      case COPY -> copy(connection, fresh);
      case GUARDED -> write(connection, sql.insert(), PaymentSql.ALL, fresh);
    }
    update(connection, changed);
    fresh.addAll(changed);
    return fresh;
  }

  private Map<Object, PaymentRow.Stored> read(Connection connection, List<PaymentRow> rows)
      throws SQLException {
    Map<Object, PaymentRow.Stored> stored = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.read())) {
      statement.setObject(1, ids.array(rows.stream().map(PaymentRow::orderId).toList()));
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          stored.put(
              ids.read(found, 1),
              new PaymentRow.Stored(
                  found.getObject(2, Long.class), found.getObject(3, Long.class)));
        }
      }
    }
    return stored;
  }

  private void copy(Connection connection, List<PaymentRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    BinaryCopy copy = copying.begin();
    for (PaymentRow row : rows) {
      copy.row(PaymentSql.COLUMNS);
      ids.write(copy, row.orderId());
      PaymentColumns.write(copy, row);
    }
    copy.into(connection, sql.copy());
  }

  private void update(Connection connection, List<PaymentRow> rows) throws SQLException {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    rows.forEach(row -> parts.addAll(row.parts()));
    if (!parts.isEmpty()) {
      write(connection, sql.update(parts), parts, rows);
    }
  }

  private void write(
      Connection connection, String statementSql, Set<Part> parts, List<PaymentRow> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(statementSql)) {
      statement.setObject(1, ids.array(rows.stream().map(PaymentRow::orderId).toList()));
      int next = 2;
      if (parts.contains(Part.PAID)) {
        next = PaymentColumns.bindPayments(statement, next, rows);
      }
      if (parts.contains(Part.DUE)) {
        PaymentColumns.bindDues(statement, next, rows);
      }
      if (statement.executeUpdate() != rows.size()) {
        throw new ConcurrentChangeException("payments");
      }
    }
  }
}
