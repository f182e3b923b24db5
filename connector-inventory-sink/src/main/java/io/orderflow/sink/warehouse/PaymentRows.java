package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.warehouse.PaymentSql.Part;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the payments table. The payment and the amount due of an order are in one row, each with a
 * version of its own. They are written by one statement, since two statements could deadlock with
 * those of another task. Every task inserts new rows before it changes others.
 */
final class PaymentRows {

  /**
   * What a batch finds.
   *
   * @param rows by order
   */
  private record Found(
      Map<Object, PaymentRow.Stored> rows, AmountColumn amounts, AmountColumn dues) {

    /** Requires the columns to hold the amounts of a row as they are. */
    void requireExact(PaymentRow row) throws SQLException {
      PaymentUpdate payment = row.payment();
      amounts.require(payment == null ? null : payment.amount());
      AmountDue due = row.due();
      dues.require(due == null ? null : due.due());
    }
  }

  private final OrderIdColumn ids;
  private final TableName table;
  private final BinaryCopy copying = new BinaryCopy();
  private final PaymentSql sql;

  PaymentRows(WarehouseTables tables, OrderIdColumn ids) {
    this.ids = ids;
    this.table = tables.payments();
    this.sql = new PaymentSql(table, ids);
  }

  /**
   * Writes payments and amounts due that are newer than the stored ones.
   *
   * @return the written parts
   * @throws ConcurrentChangeException if a row has changed since it was read
   * @throws SQLException also a unique violation, if another transaction has inserted a row, and a
   *     class 22 if an amount would be rounded
   */
  List<PaymentRow> write(
      SqlSession session,
      List<PaymentUpdate> payments,
      List<AmountDue> dues,
      InsertStrategy inserts)
      throws SQLException {
    List<PaymentRow> rows = PaymentRow.of(payments, dues);
    if (rows.isEmpty()) {
      return rows;
    }
    Found stored = read(session, rows);
    List<PaymentRow> fresh = new ArrayList<>();
    List<PaymentRow> changed = new ArrayList<>();
    for (PaymentRow row : rows) {
      PaymentRow.Stored known = stored.rows().get(row.orderId());
      PaymentRow newer = row.newerThan(known);
      if (!newer.isEmpty()) {
        stored.requireExact(newer);
        (known == null ? fresh : changed).add(newer);
      }
    }
    if (!fresh.isEmpty()) {
      session.begin(Write.INSERT_PAYMENTS);
    }
    switch (inserts) {
      case COPY -> copy(session, fresh);
      case GUARDED -> write(session, sql.insert(), PaymentSql.ALL, fresh);
    }
    if (!changed.isEmpty()) {
      session.begin(Write.UPDATE_PAYMENTS);
    }
    update(session, changed);
    fresh.addAll(changed);
    return fresh;
  }

  private Found read(SqlSession session, List<PaymentRow> rows) throws SQLException {
    Map<Object, PaymentRow.Stored> stored = new HashMap<>();
    try (PreparedStatement statement = session.prepare(sql.read())) {
      statement.setObject(1, ids.array(rows.stream().map(PaymentRow::orderId).toList()));
      try (ResultSet found = statement.executeQuery()) {
        ResultSetMetaData result = found.getMetaData();
        while (found.next()) {
          stored.put(
              ids.read(found, 1),
              new PaymentRow.Stored(
                  found.getObject(2, Long.class), found.getObject(3, Long.class)));
        }
        return new Found(
            stored,
            AmountColumn.of(result, 4, table + ".amount"),
            AmountColumn.of(result, 5, table + ".due"));
      }
    }
  }

  private void copy(SqlSession session, List<PaymentRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    BinaryCopy copy = copying.begin();
    for (PaymentRow row : rows) {
      copy.row(PaymentSql.COLUMNS);
      ids.write(copy, row.orderId());
      PaymentSql.write(copy, row);
    }
    if (!copy.send(session, sql.copy())) {
      throw new ConcurrentChangeException("payments");
    }
  }

  private void update(SqlSession session, List<PaymentRow> rows) throws SQLException {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    rows.forEach(row -> parts.addAll(row.parts()));
    if (!parts.isEmpty()) {
      write(session, sql.update(parts), parts, rows);
    }
  }

  private void write(
      SqlSession session, String statementSql, Set<Part> parts, List<PaymentRow> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = session.prepare(statementSql)) {
      statement.setObject(1, ids.array(rows.stream().map(PaymentRow::orderId).toList()));
      int next = 2;
      if (parts.contains(Part.PAID)) {
        next = PaymentSql.bindPayments(statement, next, rows);
      }
      if (parts.contains(Part.DUE)) {
        PaymentSql.bindDues(statement, next, rows);
      }
      if (statement.executeUpdate() != rows.size()) {
        throw new ConcurrentChangeException("payments");
      }
    }
  }
}
