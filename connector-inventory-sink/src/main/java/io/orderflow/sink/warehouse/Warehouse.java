package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.Update;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The warehouse's database, with tables for order IDs of one type. For one thread. */
public final class Warehouse {

  /**
   * Every statement looks rows up by key. Without these options, a statement that is planned while
   * its table is empty would scan the table for as long as the connection lives.
   */
  private static final Map<String, String> PLANNER =
      Map.of(
          "enable_seqscan",
          "off",
          "enable_hashjoin",
          "off",
          "enable_mergejoin",
          "off",
          "jit",
          "off");

  private final Database database;
  private final BatchTransaction transaction;
  private final ConnectionShortage shortage = new ConnectionShortage();

  private final Set<Write> writes = EnumSet.noneOf(Write.class);

  private boolean gaveBack;

  public Warehouse(
      Database database,
      WarehouseTables tables,
      OrderIdType orderIds,
      ScaleGuard scale,
      ReservationRules rules) {
    this.database = database;
    this.transaction = new BatchTransaction(tables, orderIds, scale, rules);
  }

  /** Opens a pool with the options that a warehouse needs, without connecting yet. */
  public static Database openPool(
      DatabaseSettings settings, String applicationName, int connections) {
    return Database.open(
        settings.withOptions(PLANNER), Database.Mode.READ_COMMITTED, applicationName, connections);
  }

  /**
   * Applies a batch in one transaction: all of it, or nothing if it throws. Updates that were
   * applied before, or are older than what is stored, change nothing.
   *
   * @param origins the record of each update; called only if there is an audit trail
   * @param mode how rows are inserted and locked
   * @param comment ends each SQL statement; may be empty
   * @throws ChangedScaleException if the tables count in other steps than the batch
   * @throws SQLException also if another transaction was faster; the batch can then be repeated,
   *     after a unique violation with {@link InsertStrategy#GUARDED}
   */
  public BatchResult apply(
      LatestVersions batch, Function<Update, Origin> origins, WriteMode mode, String comment)
      throws SQLException {
    gaveBack = false;
    writes.clear();
    BatchResult result = new BatchResult(batch);
    if (batch.isEmpty()) {
      return result;
    }
    long began = System.nanoTime();
    try {
      transaction.prepare(database);
      long applied =
          database.transaction(
              connection -> {
                // Before rows are locked, which others may wait for.
                gaveBack = isConnectionShort(connection, System.nanoTime() - began);
                result.addPhase(Phase.CONNECT, began);
                transaction.apply(
                    new SqlSession(connection, comment, writes), batch, origins, mode, result);
                return System.nanoTime();
              });
      result.addPhase(Phase.COMMIT, applied);
    } catch (SQLException failure) {
      shortage.beginShortTurn();
      throw failure;
    }
    if (gaveBack) {
      database.closeConnections();
    }
    return result;
  }

  /** A pooler keeps its sessions for others, and may keep as many as are allowed. */
  private boolean isConnectionShort(Connection connection, long waited) throws SQLException {
    return !database.usesPooler() && shortage.isFound(connection, waited);
  }

  /**
   * What the last call has begun to write. If it returned, all of that is committed; if it threw,
   * one of these statements has failed, or one that reads, or the commit. Empty if it threw before
   * it wrote anything.
   */
  public Set<Write> writes() {
    return Set.copyOf(writes);
  }

  /**
   * Whether the connection of the last call was closed, because other tasks may wait for one: the
   * role, the database or the server allows no more. The caller waits a moment before the next
   * transaction.
   */
  public boolean gaveConnectionBack() {
    return gaveBack;
  }
}
