package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.Update;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** The warehouse's database, with tables for order IDs of one type. For one thread. */
public final class Warehouse {

  /** How often a batch is tried while other transactions are faster. */
  private static final int ATTEMPTS = 5;

  /**
   * Where somebody else brought in the same orders, as when order events and payments are caught up
   * with at once, it will happen again: for so many batches, inserts are guarded.
   */
  private static final int GUARDED_BATCHES = 50;

  /**
   * Every statement looks rows up by their keys. A table that was empty when the statement was
   * planned must not be scanned for the rest of the day, nor a thousand rows be compiled for.
   */
  private static final String PLANNER =
      "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

  private final Database database;
  private final BatchTransaction transaction;

  private int guarded;

  public Warehouse(
      Database database, WarehouseTables tables, OrderIdType orderIds, ReservationPolicy policy) {
    this.database = database;
    this.transaction = new BatchTransaction(tables, orderIds, policy);
  }

  /** A pool of connections that is right for a warehouse; connects to nothing yet. */
  public static Database open(DatabaseSettings settings, String applicationName, int connections) {
    return Database.open(
        settings.withOptions(PLANNER), Database.Mode.READ_COMMITTED, applicationName, connections);
  }

  /**
   * Applies updates in one transaction: all of them, or none when it throws. What was applied
   * before, or has been overtaken, changes nothing.
   *
   * @param origins where each of them is from; asked only where there is an audit trail
   * @param comment SQL that each statement ends with; empty for none
   * @return what came of them
   */
  public BatchResult apply(List<Update> updates, Function<Update, Origin> origins, String comment)
      throws SQLException {
    if (updates.isEmpty()) {
      return BatchResult.begin(updates, 0);
    }
    LatestVersions batch = LatestVersions.of(updates);
    StockLockOrder lock = StockLockOrder.LAST;
    for (int attempt = 1; ; attempt++) {
      InsertStrategy inserts = guarded > 0 ? InsertStrategy.GUARDED : InsertStrategy.COPY;
      try {
        BatchResult applied = BatchResult.begin(updates, attempt - 1);
        commit(batch, origins, lock, inserts, applied, comment);
        guarded = Math.max(0, guarded - 1);
        return applied;
      } catch (SQLException failure) {
        if (inserts == InsertStrategy.COPY && SqlFailures.isUniqueViolation(failure)) {
          guarded = GUARDED_BATCHES;
        } else if (attempt < ATTEMPTS && SqlFailures.isConflict(failure)) {
          lock = StockLockOrder.FIRST;
        } else {
          throw failure;
        }
      }
    }
  }

  private void commit(
      LatestVersions batch,
      Function<Update, Origin> origins,
      StockLockOrder lock,
      InsertStrategy inserts,
      BatchResult applied,
      String comment)
      throws SQLException {
    long began = System.nanoTime();
    transaction.prepare(database);
    long done =
        database.transaction(
            connection -> {
              applied.took(Phase.CONNECT, began);
              transaction.apply(
                  CommentedSql.on(connection, comment), batch, origins, lock, inserts, applied);
              return System.nanoTime();
            });
    applied.took(Phase.COMMIT, done);
  }
}
