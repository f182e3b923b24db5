package io.orderflow.source.log.snapshot;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.handover.NotYetEmitted;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.read.OrderSnapshotReader;
import io.orderflow.source.read.OrderSnapshots;
import io.orderflow.source.read.ReadPoint;
import io.orderflow.source.read.RowCondition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads chunks, each in a short transaction, and again for as long as the database is away. For one
 * thread, but any may cancel.
 */
final class ChunkReader {

  private static final Logger log = LoggerFactory.getLogger(ChunkReader.class);
  private static final ExponentialBackoff OUTAGE_BACKOFF =
      RetryTracker.backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final Database database;
  private final InitialSnapshot.ServerCheck serverCheck;
  private final OrderSnapshots orders;
  private final @Nullable NotYetEmitted untold;
  private final RetryTracker outage;

  private boolean checked;
  private volatile @Nullable Connection busy;
  private volatile boolean cancelled;

  ChunkReader(
      SnapshotSettings settings, Database database, InitialSnapshot.ServerCheck serverCheck) {
    this.database = database;
    this.serverCheck = serverCheck;
    this.orders = new OrderSnapshots(settings.tables(), settings.decimals());
    this.untold = settings.told() == null ? null : new NotYetEmitted(settings.told());
    this.outage =
        new RetryTracker(
            log,
            "Load of " + settings.tables().orders(),
            OUTAGE_BACKOFF,
            InstantSource.system(),
            RetryTracker.Listener.NONE);
  }

  /** Takes the next part off the plan; no other thread may use the plan meanwhile. */
  Optional<ChunkSplitter.Part> take(ChunkSplitter plan) throws SQLException, InterruptedException {
    Optional<ChunkSplitter.Part> part =
        transaction((connection, reader) -> plan.next(connection, reader.layout()));
    part.ifPresent(plan::advance);
    return part;
  }

  /** Reads a part; what was written since the load began is left out. */
  Chunk read(ChunkSplitter.Part part, TransactionSnapshot since, ChunkWindow overtaken)
      throws SQLException, InterruptedException {
    return transaction(
        () -> overtaken.begin(part.number()),
        (connection, reader) -> {
          ReadPoint moment = ReadPoint.of(connection);
          overtaken.taken(moment.snapshot());
          List<OrderSnapshot> read =
              reader.between(
                  connection,
                  part.range(),
                  untold == null ? RowCondition.NONE : untold.in(reader.layout()),
                  since,
                  moment.snapshot());
          read.removeIf(OrderSnapshot::touched);
          return new Chunk(
              part.number(),
              moment.snapshot(),
              moment.highLsn(),
              reader.layout(),
              read,
              part.range().upTo());
        });
  }

  /** What is done in a transaction once the tables are locked and known. */
  @FunctionalInterface
  private interface Work<T> {
    T in(Connection connection, OrderSnapshotReader reader) throws SQLException;
  }

  private <T> T transaction(Work<T> work) throws SQLException, InterruptedException {
    return transaction(() -> {}, work);
  }

  private <T> T transaction(Runnable before, Work<T> work)
      throws SQLException, InterruptedException {
    while (true) {
      try {
        before.run();
        T result = database.transaction(connection -> locked(connection, work));
        outage.succeeded();
        return result;
      } catch (SQLException e) {
        if (cancelled || SqlFailures.classify(e) != FailureClass.TRANSIENT) {
          throw e;
        }
        // The next connection may be to another server.
        checked = false;
        orders.forget();
        Thread.sleep(outage.failed(e).toMillis());
      }
    }
  }

  private <T> T locked(Connection connection, Work<T> work) throws SQLException {
    busy = connection;
    try {
      OrderSnapshotReader reader = orders.open(connection);
      if (!checked) {
        serverCheck.reached(connection);
        checked = true;
      }
      return work.in(connection, reader);
    } finally {
      busy = null;
    }
  }

  /** Ends the statement at work, and tries none again. */
  void cancel() {
    cancelled = true;
    Connection connection = busy;
    if (connection != null) {
      try {
        connection.unwrap(PGConnection.class).cancelQuery();
      } catch (SQLException e) {
        log.debug("Not cancelled", e);
      }
    }
  }
}
