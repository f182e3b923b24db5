package io.orderflow.sink.apply;

import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.deadletter.BadRecord;
import io.orderflow.sink.record.Roles;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.Update;
import io.orderflow.sink.warehouse.BatchResult;
import io.orderflow.sink.warehouse.ConcurrentChangeException;
import io.orderflow.sink.warehouse.Warehouse;
import io.orderflow.sink.warehouse.WriteMode;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a batch, whatever happens on the way: the one place that repeats transactions, halves
 * batches and sorts out bad records. What follows from a failed transaction depends on the failure:
 *
 * <ol>
 *   <li>A conflict with another transaction: the batch is repeated at once, in a mode that avoids
 *       the conflict. If a row is never written, the cause is no conflict, and its record is bad. A
 *       conflict that a trigger reports again and again is unclear, as below.
 *   <li>A value that the database rejects: the batch is halved until the bad record is alone, which
 *       takes about 2 log2(n) transactions for each bad record.
 *   <li>A transient failure: the batch is repeated after a backoff, until it succeeds. If it fails
 *       repeatedly because it takes too long or too much memory, it is halved.
 *   <li>A failure that may be due to a record or to the database: the batch is halved as well. A
 *       record that fails alone is bad if others of its batch can be applied; otherwise the task
 *       stops.
 *   <li>Any other failure stops the task.
 * </ol>
 *
 * <p>Halves are applied in order. That they are separate transactions does no harm, since an update
 * that is applied twice counts once. For one thread.
 */
final class BatchApplier {

  private static final Logger LOG = LoggerFactory.getLogger(BatchApplier.class);

  /** How often a batch is attempted without a pause while other transactions are faster. */
  private static final int MAX_ATTEMPTS_AT_ONCE = 5;

  /**
   * How often something that looks like a conflict may be repeated, before the batch is halved to
   * find the record at fault.
   *
   * @param unwritten times that rows were not written, without an error
   * @param reported times that a trigger has reported a conflict, which for a whole batch take more
   *     than a minute with the default backoff
   */
  private record Patience(int unwritten, int reported) {

    static final Patience WHOLE = new Patience(10, 50);

    /** For a part of such a batch: if it can be applied now, the cause was a conflict. */
    static final Patience PART = new Patience(3, 3);
  }

  /** How often a batch may exceed the server's limits before it is halved. */
  private static final int MAX_OVERLOADS = 3;

  /**
   * When another task has inserted the same orders, as when order events and payments are caught up
   * with at once, it will do so again: for this many transactions, inserts are guarded.
   */
  private static final int GUARDED_TRANSACTIONS = 50;

  /** The pause while connections are short. Those who wait try again several times within it. */
  private static final long MAX_PAUSE_MS = 500;

  private enum Next {
    REPEAT_AT_ONCE,
    REPEAT_LATER,
    HALVE,
    REJECT,
    SUSPECT,
    STOP
  }

  private final Warehouse warehouse;
  private final RecordTraces traces;
  private final RetryTracker retries;
  private final SinkMetrics metrics;
  private final OrderIdTypeWatch orderIds;
  private final Roles roles;

  private int guardedTransactions;

  BatchApplier(
      Warehouse warehouse,
      RecordTraces traces,
      RetryTracker retries,
      SinkMetrics metrics,
      OrderIdTypeWatch orderIds,
      Roles roles) {
    this.warehouse = warehouse;
    this.traces = traces;
    this.retries = retries;
    this.metrics = metrics;
    this.orderIds = orderIds;
    this.roles = roles;
  }

  /**
   * Applies all records that can be applied, and returns when they are committed.
   *
   * @return the records that the database rejects
   * @throws UnusableWarehouseException if no retry can help
   * @throws ChangedTablesException if the batch must be read again
   * @throws InterruptedException if the worker is closed
   */
  List<BadRecord> apply(List<ParsedRecord> batch) throws InterruptedException {
    Rejections rejected = new Rejections();
    apply(batch, rejected, Patience.WHOLE);
    return rejected.proven();
  }

  private void apply(List<ParsedRecord> batch, Rejections rejected, Patience patience)
      throws InterruptedException {
    LatestVersions updates = latestVersions(batch);
    RecordOrigins origins = new RecordOrigins(batch);
    Attempts attempts = new Attempts(batch.size() == 1 ? Patience.WHOLE : patience);
    while (true) {
      WriteMode mode = attempts.mode();
      TransactionTrace trace = traces.transaction(batch);
      try {
        BatchResult result =
            trace.follow(() -> warehouse.apply(updates, origins, mode, trace.sqlComment()));
        metrics.committed(result);
        rejected.applied(result);
        succeeded();
        letOthersConnect();
        return;
      } catch (SQLException failure) {
        trace.failed(failure);
        if (Thread.interrupted()) {
          throw new InterruptedException("closed during a transaction");
        }
        Next next = attempts.next(failure, mode, batch.size());
        if (isOfChangedTables(next)) {
          throw new ChangedTablesException();
        }
        switch (next) {
          case REPEAT_AT_ONCE -> metrics.repeatedAtOnce();
          case REPEAT_LATER -> Thread.sleep(retries.failed(failure).toMillis());
          case HALVE -> {
            applyHalves(
                batch, rejected, SqlFailures.isConflict(failure) ? Patience.PART : Patience.WHOLE);
            return;
          }
          case REJECT -> {
            trace.rejected();
            rejected.add(rejected(batch.get(0).record(), failure));
            return;
          }
          case SUSPECT -> {
            trace.rejected();
            suspect(batch.get(0).record(), failure, rejected);
            return;
          }
          case STOP -> throw new UnusableWarehouseException(failure);
        }
      }
    }
  }

  /** Whether the batch fails, or may fail, because the type of order ID is another one now. */
  private boolean isOfChangedTables(Next next) {
    return switch (next) {
      case REPEAT_AT_ONCE, REPEAT_LATER -> false;
      case HALVE -> orderIds.hasChangedThrottled();
      case REJECT, SUSPECT, STOP -> orderIds.hasChanged();
    };
  }

  /** A task that connects again at once would leave no connection to those that wait. */
  private void letOthersConnect() throws InterruptedException {
    if (warehouse.gaveConnectionBack()) {
      Thread.sleep(ThreadLocalRandom.current().nextLong(MAX_PAUSE_MS));
    }
  }

  private void succeeded() {
    retries.succeeded();
    guardedTransactions = Math.max(0, guardedTransactions - 1);
  }

  private void applyHalves(List<ParsedRecord> batch, Rejections rejected, Patience patience)
      throws InterruptedException {
    int middle = batch.size() / 2;
    apply(batch.subList(0, middle), rejected, patience);
    apply(batch.subList(middle, batch.size()), rejected, patience);
  }

  /** A dead letter was proven bad before, and often all records of its batch are bad. */
  private void suspect(SinkRecord record, SQLException failure, Rejections rejected) {
    if (roles.isDeadLetter(record)) {
      rejected.add(BadRecord.rejected(record, failure));
    } else {
      rejected.suspect(record, failure);
    }
  }

  private static BadRecord rejected(SinkRecord record, SQLException failure) {
    return failure instanceof ConcurrentChangeException unwritten
        ? BadRecord.unwritten(record, unwritten.table())
        : BadRecord.rejected(record, failure);
  }

  private static LatestVersions latestVersions(List<ParsedRecord> batch) {
    List<Update> updates = new ArrayList<>(2 * batch.size());
    batch.forEach(parsed -> updates.addAll(parsed.updates()));
    return LatestVersions.of(updates);
  }

  /** Counts the failed attempts of one batch, and decides what follows from each. */
  private final class Attempts {

    private final Patience patience;
    private int unwritten;
    private int conflicts;
    private int reportedConflicts;
    private int overloads;

    Attempts(Patience patience) {
      this.patience = patience;
    }

    WriteMode mode() {
      return new WriteMode(
          guardedTransactions > 0 ? InsertStrategy.GUARDED : InsertStrategy.COPY,
          conflicts > 0 ? StockLockOrder.FIRST : StockLockOrder.LAST);
    }

    Next next(SQLException failure, WriteMode mode, int records) {
      if (mode.inserts() == InsertStrategy.COPY && isOfCopy(failure)) {
        guardedTransactions = GUARDED_TRANSACTIONS;
        return Next.REPEAT_AT_ONCE;
      }
      return switch (SqlFailures.classify(failure)) {
        case BAD_RECORD -> records > 1 ? Next.HALVE : Next.REJECT;
        case UNCLEAR -> records > 1 ? Next.HALVE : Next.SUSPECT;
        case TRANSIENT -> nextOfTransient(failure, records);
        case FATAL -> Next.STOP;
      };
    }

    /** Another task was faster, or row-level security applies, which COPY does not support. */
    private static boolean isOfCopy(SQLException failure) {
      return SqlFailures.isUniqueViolation(failure) || SqlFailures.isNotSupported(failure);
    }

    private Next nextOfTransient(SQLException failure, int records) {
      unwritten = failure instanceof ConcurrentChangeException ? unwritten + 1 : 0;
      if (unwritten >= patience.unwritten()) {
        return records > 1 ? Next.HALVE : Next.REJECT;
      }
      reportedConflicts = SqlFailures.isReportedConflict(failure) ? reportedConflicts + 1 : 0;
      if (reportedConflicts >= patience.reported()) {
        return records > 1 ? Next.HALVE : Next.SUSPECT;
      }
      if (SqlFailures.isConflict(failure) && ++conflicts < MAX_ATTEMPTS_AT_ONCE) {
        return Next.REPEAT_AT_ONCE;
      }
      conflicts = 0;
      if (records > 1 && SqlFailures.isTooMuchAtOnce(failure) && ++overloads == MAX_OVERLOADS) {
        LOG.warn(
            "A transaction of {} records exceeds the server's limits ({}); halving it",
            records,
            failure.getMessage());
        return Next.HALVE;
      }
      return Next.REPEAT_LATER;
    }
  }
}
