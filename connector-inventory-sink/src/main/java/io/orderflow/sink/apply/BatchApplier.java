package io.orderflow.sink.apply;

import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.deadletter.BadRecord;
import io.orderflow.sink.record.Roles;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.Update;
import io.orderflow.sink.warehouse.BatchResult;
import io.orderflow.sink.warehouse.ChangedScaleException;
import io.orderflow.sink.warehouse.ConcurrentChangeException;
import io.orderflow.sink.warehouse.Warehouse;
import io.orderflow.sink.warehouse.WriteMode;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Applies a batch, whatever happens on the way: the one place that repeats transactions, halves
 * batches and sorts out bad records. What follows from a failed transaction depends on the failure:
 *
 * <ol>
 *   <li>A conflict with another transaction: the batch is repeated at once, in a mode that avoids
 *       the conflict. If a row is never written, the cause is no conflict, and its record is bad.
 *   <li>A value that the database rejects: the batch is halved until the bad record is alone, which
 *       takes about 2 log2(n) transactions for each bad record.
 *   <li>A transient failure: the batch is repeated after a backoff, until it succeeds. If it fails
 *       repeatedly because it takes too long or too much memory, it is halved. If a trigger reports
 *       it again and again, it may be due to a record, as below.
 *   <li>A failure that may be due to a record or to the database: the batch is halved as well. A
 *       record that fails alone is tried again after the others. It is bad if they can be applied;
 *       otherwise the task stops.
 *   <li>Any other failure stops the task.
 * </ol>
 *
 * <p>Halves are applied in order. That they are separate transactions does no harm, since an update
 * that is applied twice counts once. For one thread.
 */
final class BatchApplier {

  /** How often rows may not be written, without an error, before a record is looked for. */
  private static final int MAX_UNWRITTEN = 10;

  /** The same for a part of such a batch: if it can be applied now, the cause was a conflict. */
  private static final int MAX_UNWRITTEN_IN_PART = 3;

  /** How long a trigger may report a transient failure before a record is looked for. */
  private static final Duration MAX_FUNCTION_FAILURES = Duration.ofSeconds(30);

  /** The pause while connections are short. Those who wait try again several times within it. */
  private static final long MAX_PAUSE_MS = 500;

  /**
   * A batch or a part of one.
   *
   * @param maxUnwritten how often its rows may not be written, without an error
   * @param isSuspect whether it is a record that failed alone, and is tried again after the others
   */
  private record Part(List<ParsedRecord> records, int maxUnwritten, boolean isSuspect) {}

  private final Warehouse warehouse;
  private final RecordTraces traces;
  private final RetryTracker retries;
  private final SinkMetrics metrics;
  private final TablesWatch tables;
  private final Roles roles;

  /** How long failures of functions are retried before a record is looked for. */
  private final Duration functionPatience;

  private final GuardedInserts guarded = new GuardedInserts();

  /**
   * Creates an applier that has seen no failure.
   *
   * @param statementTimeout maximum duration of a statement
   */
  BatchApplier(
      Warehouse warehouse,
      RecordTraces traces,
      RetryTracker retries,
      SinkMetrics metrics,
      TablesWatch tables,
      Roles roles,
      Duration statementTimeout) {
    this.warehouse = warehouse;
    this.traces = traces;
    this.retries = retries;
    this.metrics = metrics;
    this.tables = tables;
    this.roles = roles;
    this.functionPatience =
        statementTimeout.compareTo(MAX_FUNCTION_FAILURES) < 0
            ? statementTimeout
            : MAX_FUNCTION_FAILURES;
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
    FunctionFailures functions = new FunctionFailures(functionPatience);
    apply(new Part(batch, MAX_UNWRITTEN, false), rejected, functions);
    for (Suspect suspect : rejected.suspects()) {
      apply(new Part(List.of(suspect.parsed()), MAX_UNWRITTEN, true), rejected, functions);
    }
    return rejected.records();
  }

  private void apply(Part part, Rejections rejected, FunctionFailures functions)
      throws InterruptedException {
    List<ParsedRecord> batch = part.records();
    LatestVersions updates = latestVersions(batch);
    RecordOrigins origins = new RecordOrigins(batch);
    Attempts attempts =
        new Attempts(batch.size() == 1 ? MAX_UNWRITTEN : part.maxUnwritten(), functions, guarded);
    while (true) {
      WriteMode mode = attempts.mode();
      TransactionTrace trace = traces.transaction(batch);
      try {
        BatchResult result =
            trace.follow(() -> warehouse.apply(updates, origins, mode, trace.sqlComment()));
        metrics.committed(result);
        rejected.committed(warehouse.writes());
        succeeded();
        letOthersConnect();
        return;
      } catch (ChangedScaleException changed) {
        throw ChangedTablesException.of(changed);
      } catch (SQLException failure) {
        trace.failed(failure);
        if (Thread.interrupted()) {
          throw new InterruptedException("closed during a transaction");
        }
        rejected.failed(failure);
        Attempts.Next next = attempts.next(failure, mode, batch.size());
        if (isOfChangedTables(next)) {
          throw ChangedTablesException.ofColumns();
        }
        switch (next) {
          case REPEAT_AT_ONCE -> metrics.repeatedAtOnce();
          case REPEAT_LATER -> Thread.sleep(retries.failed(failure).toMillis());
          case HALVE -> {
            applyHalves(part, SqlFailures.isConflict(failure), rejected, functions);
            return;
          }
          case REJECT -> {
            trace.rejected();
            rejected.add(rejected(batch.get(0).record(), failure));
            return;
          }
          case SUSPECT -> {
            Suspect suspect = new Suspect(batch.get(0), failure, warehouse.writes());
            if (isDecided(suspect, part.isSuspect(), rejected, trace)) {
              return;
            }
            Thread.sleep(retries.failed(suspect.named()).toMillis());
          }
          case STOP -> throw new UnusableWarehouseException(failure);
        }
      } catch (ClassCastException unexpectedType) {
        // A column that is read as another type.
        if (tables.haveChanged()) {
          throw ChangedTablesException.ofColumns();
        }
        throw unexpectedType;
      }
    }
  }

  /**
   * Decides about a record that fails alone; false if the database is to be waited for.
   *
   * @param again whether others were tried since it has failed before
   * @throws UnusableWarehouseException if the record or the database may be at fault
   */
  private boolean isDecided(
      Suspect suspect, boolean again, Rejections rejected, TransactionTrace trace) {
    SinkRecord record = suspect.parsed().record();
    // A dead letter was proven bad before, and often all records of its batch are bad.
    boolean isDeadLetter = roles.isDeadLetter(record) && !suspect.mayWait();
    if (!isDeadLetter && !again) {
      return rejected.isSuspected(suspect);
    }
    boolean isProven = isDeadLetter || rejected.isProven(suspect);
    if (suspect.mayWait()) {
      if (isProven) {
        throw UnusableWarehouseException.ofOneRecord(suspect);
      }
      return false;
    }
    if (!isProven) {
      throw UnusableWarehouseException.withoutProof(suspect);
    }
    trace.rejected();
    rejected.add(BadRecord.rejected(record, suspect.failure()));
    return true;
  }

  /** Whether the batch fails, or may fail, because columns of the tables are others now. */
  private boolean isOfChangedTables(Attempts.Next next) {
    return switch (next) {
      case REPEAT_AT_ONCE, REPEAT_LATER -> false;
      case HALVE -> tables.haveChangedThrottled();
      case REJECT, SUSPECT, STOP -> tables.haveChanged();
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
    guarded.transactionSucceeded();
  }

  private void applyHalves(
      Part part, boolean isConflict, Rejections rejected, FunctionFailures functions)
      throws InterruptedException {
    List<ParsedRecord> batch = part.records();
    int middle = batch.size() / 2;
    int unwritten = isConflict ? MAX_UNWRITTEN_IN_PART : MAX_UNWRITTEN;
    apply(new Part(batch.subList(0, middle), unwritten, false), rejected, functions);
    apply(new Part(batch.subList(middle, batch.size()), unwritten, false), rejected, functions);
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
}
