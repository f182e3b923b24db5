package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** The transactions of sweeps: one of all tasks at a time. For one thread. */
final class SweepTransactions {

  /** Sweeps of several tasks would only skip each other's rows. */
  private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtext(?), hashtext(?))";

  /**
   * What a sweep does in its transaction.
   *
   * @param <R> the result
   */
  interface Work<R> {
    R in(SqlSession session) throws SQLException;
  }

  private final Database database;
  private final String lock;
  private final TableName orders;
  private final @Nullable AuditRows audit;
  private final ConnectionShortage shortage = new ConnectionShortage();

  /** Whether other tasks may wait for the connection. */
  private boolean gaveBack;

  /**
   * Creates an object without connecting yet.
   *
   * @param lock the name of the lock, of which the table of orders is the other part
   */
  SweepTransactions(Database database, String lock, TableName orders, @Nullable AuditRows audit) {
    this.database = database;
    this.lock = lock;
    this.orders = orders;
    this.audit = audit;
  }

  /**
   * Runs a transaction.
   *
   * @param locked the result if another task sweeps
   */
  <R> R run(R locked, Work<R> work) throws SQLException {
    if (audit != null) {
      audit.createPartitions(database);
    }
    long began = System.nanoTime();
    gaveBack = false;
    try {
      R result =
          database.transaction(
              connection -> {
                gaveBack =
                    !database.usesPooler()
                        && shortage.isFound(connection, System.nanoTime() - began);
                SqlSession session = new SqlSession(connection, "", EnumSet.noneOf(Write.class));
                return begin(session) ? work.in(session) : locked;
              });
      if (gaveBack) {
        database.closeConnections();
      }
      return result;
    } catch (SQLException failure) {
      shortage.beginShortTurn();
      throw failure;
    }
  }

  /** Becomes the only sweep of this table until the transaction ends; false if another one is. */
  private boolean begin(SqlSession session) throws SQLException {
    try (PreparedStatement statement = session.prepare(LOCK)) {
      statement.setString(1, lock);
      statement.setString(2, orders.quoted());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
