package io.orderflow.source.log;

import io.orderflow.source.log.LogEvents.Group;
import io.orderflow.source.log.LogReader.Taken;
import io.orderflow.source.log.change.Batch;
import io.orderflow.source.log.change.ChangeResolver;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.DatabaseTransaction.Truncated;
import io.orderflow.source.log.change.LookedUp;
import io.orderflow.source.log.change.UnusableLogException;
import io.orderflow.source.log.snapshot.Chunk;
import io.orderflow.source.log.snapshot.InitialSnapshot;
import io.orderflow.source.metrics.Phase;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A capture from one connection to the log until it fails. One thread asks for what is next; any
 * may confirm and close.
 */
public final class LogSession implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LogSession.class);

  /** How long to wait for a change, and while a load runs beside. */
  private static final Duration IDLE = Duration.ofMillis(500);

  private static final Duration LOADING = Duration.ofMillis(5);

  /** A commit in the log is seen by others within microseconds, if no standby has to have it. */
  private static final Duration NOT_SHOWN_YET = Duration.ofMillis(1);

  private final LogReader reader;
  private final SlotMonitor watch;
  private final ChangeResolver teller;
  private final LookUps lookUps;
  private final LogEvents events;
  private final int mostOrders;
  private final SourceMetrics metrics;

  /** Null once everything is loaded. */
  private volatile @Nullable InitialSnapshot load;

  /** What was read and is not told yet. */
  private final Deque<Batch> work = new ArrayDeque<>();

  private final AtomicLong ordersAtWork = new AtomicLong();

  private long passed;
  private boolean mergedLast;

  /** What is thrown once all before it is told. */
  private @Nullable UnusableLogException unusable;

  LogSession(
      LogReader reader,
      SlotMonitor watch,
      ChangeResolver teller,
      LookUps lookUps,
      LogEvents events,
      @Nullable InitialSnapshot load,
      int mostOrders,
      SourceMetrics metrics) {
    this.reader = reader;
    this.watch = watch;
    this.teller = teller;
    this.lookUps = lookUps;
    this.events = events;
    this.load = load;
    this.mostOrders = mostOrders;
    this.metrics = metrics;
    if (load == null) {
      metrics.load().done();
    }
  }

  /** The next events; none after a while in which nothing changed. */
  public List<Group> next() throws SQLException, InterruptedException {
    watch.look();
    InitialSnapshot running = load;
    if (running != null && isBetween() && !mergedLast) {
      mergedLast = true;
      List<Group> loaded = merge(running);
      if (!loaded.isEmpty()) {
        return loaded;
      }
    }
    mergedLast = false;
    if (work.isEmpty()) {
      read();
    }
    return tell();
  }

  private void read() throws SQLException, InterruptedException {
    if (unusable != null) {
      throw unusable;
    }
    Taken taken = reader.take(mostOrders, load == null ? IDLE : LOADING);
    List<DatabaseTransaction> transactions = untilTruncated(taken.transactions());
    passed = unusable == null ? taken.passed() : endOf(transactions);
    if (transactions.stream().anyMatch(DatabaseTransaction::reshaped)) {
      teller.reshape(lookUps.layout());
    }
    for (DatabaseTransaction transaction : transactions) {
      notice(transaction);
    }
    Batch read = teller.read(transactions).after(events.position());
    work.addAll(read.parts(mostOrders));
    ordersAtWork.set(read.tellings().size());
    if (work.isEmpty()) {
      events.passed(passed);
    }
  }

  private void notice(DatabaseTransaction transaction) throws SQLException {
    lookUps.noticed(transaction.xid());
    InitialSnapshot running = load;
    if (running != null) {
      transaction
          .orders()
          .forEach(order -> running.told(transaction.xid(), teller.idOf(order.orderId())));
    }
  }

  /** Neither the log nor a look-up lists what was in a truncated table: all before it is told. */
  private List<DatabaseTransaction> untilTruncated(List<DatabaseTransaction> transactions) {
    for (int i = 0; i < transactions.size(); i++) {
      DatabaseTransaction transaction = transactions.get(i);
      if (transaction.truncated() != Truncated.NOTHING) {
        unusable = truncated(transaction);
        return transactions.subList(0, i);
      }
    }
    return transactions;
  }

  private static UnusableLogException truncated(DatabaseTransaction transaction) {
    return new UnusableLogException(
        "expected changes of single rows, found that the table of the %s was emptied by TRUNCATE; which orders it concerned is not in the log. Stop the connector and reset its offsets (DELETE /connectors/NAME/offsets) to load all orders anew, or alter \"lsn\" in them to %s to go on behind it; use DELETE in future"
            .formatted(
                transaction.truncated() == Truncated.ORDERS ? "orders" : "items",
                Lsn.format(transaction.endLsn())));
  }

  private long endOf(List<DatabaseTransaction> transactions) {
    return transactions.isEmpty() ? passed : transactions.get(transactions.size() - 1).endLsn();
  }

  private List<Group> tell() throws SQLException, InterruptedException {
    Batch batch = work.peek();
    if (batch == null) {
      return List.of();
    }
    Set<String> missing = batch.missing();
    long began = System.nanoTime();
    @Nullable LookedUp lookedUp = missing.isEmpty() ? null : lookedUp(batch);
    if (lookedUp == null && !missing.isEmpty()) {
      Thread.sleep(NOT_SHOWN_YET.toMillis());
      return List.of();
    }
    List<Group> told = events.changes(teller.tell(batch, lookedUp));
    metrics.took(Phase.TELL, began);
    work.remove();
    ordersAtWork.addAndGet(-batch.tellings().size());
    if (work.isEmpty()) {
      events.passed(passed);
    }
    return told;
  }

  private @Nullable LookedUp lookedUp(Batch batch) throws SQLException {
    long began = System.nanoTime();
    @Nullable LookedUp found = lookUps.of(batch).orElse(null);
    metrics.took(Phase.LOOK_UP, began);
    return found;
  }

  private List<Group> merge(InitialSnapshot running) throws SQLException {
    long began = System.nanoTime();
    Chunk chunk = running.next(passed);
    if (chunk == null) {
      return List.of();
    }
    List<Group> loaded = events.loaded(chunk);
    metrics.took(Phase.CHUNK, began);
    metrics.load().reached(running.share());
    if (running.done()) {
      running.close();
      load = null;
      log.info("All orders are loaded");
    }
    return loaded;
  }

  /** Whether whole transactions are told, and none in part. */
  public boolean isBetween() {
    return work.isEmpty() && events.position().done() == 0;
  }

  /** Whether the next events are the last ones, and then the reason comes. */
  public boolean isEnding() {
    return unusable != null;
  }

  /** How many transactions are read and not told. */
  public int waiting() {
    return reader.waiting();
  }

  /** How many orders are read and not told, each as often as transactions changed it. */
  public long waitingOrders() {
    return reader.waitingOrders() + ordersAtWork.get();
  }

  /** How many bytes of log the server keeps for the slot; -1 while that is not known. */
  public long heldBack() {
    return watch.heldBack();
  }

  public LogOffset position() {
    return events.position();
  }

  /** The server may forget what was committed before. */
  public void confirm(long lsn) {
    reader.confirm(lsn);
  }

  @Override
  public void close() {
    reader.close();
    InitialSnapshot running = load;
    if (running != null) {
      running.close();
    }
  }
}
