package io.orderflow.source.log;

import io.orderflow.source.log.BatchResolver.Resolved;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.DeferredVersions;
import io.orderflow.source.log.change.LookUpResult;
import io.orderflow.source.log.change.OrderCache;
import io.orderflow.source.log.change.Resolution;
import io.orderflow.source.log.change.TransactionPart;
import io.orderflow.source.log.snapshot.ChunkEvents;
import io.orderflow.source.log.snapshot.InitialSnapshot;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.metrics.SourceMetrics.Phase;
import io.orderflow.source.offset.KnownTables;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Log capture over one connection to the slot, until the connection fails. One thread reads the
 * next events; any thread may acknowledge, read the figures and close.
 */
final class LogSession implements AutoCloseable {

  /** Connect stops a task on the thread that polls it, so a long wait has several short ones. */
  private static final Duration MAX_WAIT = Duration.ofMillis(500);

  /** The maximum wait for a change while an initial snapshot runs. */
  private static final Duration SNAPSHOT_WAIT = Duration.ofMillis(5);

  /** Without a synchronous standby, a commit is visible within microseconds. */
  private static final Duration VISIBILITY_WAIT = Duration.ofMillis(1);

  private final Map<String, Object> partition;
  private final BatchResolver resolver;
  private final OrderCache cache;
  private final LogReader reader;
  private final TransactionBatches batches;
  private final SlotMonitor monitor;
  private final LookUps lookUps;
  private final StrayItemsQuery strayItems;
  private final CaughtUpProbe probe;
  private final Duration idleWait;
  private final SourceMetrics metrics;
  private final UnraisedVersionWarning unraisedVersions = new UnraisedVersionWarning();

  /** Null once it is complete. */
  private volatile @Nullable InitialSnapshot snapshot;

  private boolean chunkWasLast;

  /**
   * Creates a session over an open stream.
   *
   * @param cache what is known of orders at the start of the stream, also to the resolver
   * @param batches the batches of the reader's transactions
   * @param snapshot null if existing orders are not captured, or the initial snapshot is complete
   * @param pollInterval the maximum wait for a change while no initial snapshot runs
   */
  LogSession(
      Map<String, Object> partition,
      BatchResolver resolver,
      OrderCache cache,
      LogReader reader,
      TransactionBatches batches,
      SlotMonitor monitor,
      LookUps lookUps,
      StrayItemsQuery strayItems,
      CaughtUpProbe probe,
      @Nullable InitialSnapshot snapshot,
      Duration pollInterval,
      SourceMetrics metrics) {
    this.partition = partition;
    this.resolver = resolver;
    this.cache = cache;
    this.reader = reader;
    this.batches = batches;
    this.monitor = monitor;
    this.lookUps = lookUps;
    this.strayItems = strayItems;
    this.probe = probe;
    this.snapshot = snapshot;
    this.idleWait = pollInterval.compareTo(MAX_WAIT) < 0 ? pollInterval : MAX_WAIT;
    this.metrics = metrics;
    if (snapshot == null) {
      metrics.snapshot().complete();
    }
  }

  /**
   * Takes transactions that the reader has assembled, and resolves them to events. While an initial
   * snapshot runs, alternates with its chunks.
   *
   * @param offset the end of the emitted events
   * @return no events if nothing has changed for a while
   */
  Emission next(LogOffset offset, DeferredVersions deferred)
      throws SQLException, InterruptedException {
    monitor.check();
    cache.reached(offset.lsn());
    strayItems.update(cache, resolver.schema());
    Optional<Emission> chunk = nextChunk(offset, deferred);
    if (chunk.isPresent()) {
      return chunk.get();
    }
    List<TransactionPart> batch = take(offset);
    if (batch.isEmpty()) {
      return emitNothing(offset, deferred);
    }
    return emit(batch, offset, deferred);
  }

  /** The next batch; empty if nothing has changed for a while. */
  private List<TransactionPart> take(LogOffset offset) throws SQLException, InterruptedException {
    if (batches.isEmpty()) {
      Duration wait = snapshot == null ? idleWait : SNAPSHOT_WAIT;
      for (DatabaseTransaction transaction : batches.take(offset, wait)) {
        note(transaction);
        resolver.transactionsTaken();
      }
    }
    return batches.first();
  }

  /** Registers a transaction with look-ups and chunks, which must happen before it is emitted. */
  private void note(DatabaseTransaction transaction) throws SQLException {
    lookUps.transactionStreamed(transaction.xid());
    InitialSnapshot running = snapshot;
    if (running != null) {
      for (String orderId : transaction.orderIds()) {
        running.orderStreamed(transaction.xid(), resolver.orderId(orderId));
      }
    }
  }

  /** Resolves a batch; emits nothing if the database does not show all its changes yet. */
  private Emission emit(List<TransactionPart> batch, LogOffset offset, DeferredVersions deferred)
      throws SQLException {
    long began = System.nanoTime();
    Optional<Resolved> resolved = resolver.resolve(batch, deferred, offset.known().emittedAhead());
    if (resolved.isEmpty()) {
      LockSupport.parkNanos(VISIBILITY_WAIT.toNanos());
      return Emission.none(resolver.schema(), offset, deferred);
    }
    metrics.took(Phase.RESOLVE, began);
    List<TransactionPart> complete = resolved.get().batch();
    noteReferenced(batch, complete);
    return emit(complete, resolved.get().resolution(), resolved.get().lookedUp(), offset);
  }

  /** Registers the orders that references have named, which {@link #note} does not know. */
  private void noteReferenced(List<TransactionPart> batch, List<TransactionPart> complete) {
    InitialSnapshot running = snapshot;
    if (running == null) {
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).hasReferences()) {
        DatabaseTransaction transaction = complete.get(i).transaction();
        // The referenced orders follow the others, with which the part ended before.
        List<String> orderIds = transaction.orderIds();
        for (String orderId : orderIds.subList(batch.get(i).to(), orderIds.size())) {
          running.orderStreamed(transaction.xid(), resolver.orderId(orderId));
        }
      }
    }
  }

  private Emission emit(
      List<TransactionPart> batch, Resolution resolution, LookUpResult lookedUp, LogOffset offset) {
    boolean strayBefore = cache.noStrayItemsFrom(offset.lsn()) == null;
    cache.apply(resolution.cacheChanges(), lookedUp);
    unraisedVersions.warn(resolution.unraised());
    batches.removeFirst();
    TransactionPart last = batch.get(batch.size() - 1);
    Lsn end = last.transaction().endLsn();
    // Of all events of the batch, so that it must hold at its begin and at its end.
    KnownTables known =
        new KnownTables(
            resolver.catalog(),
            strayBefore ? null : cache.noStrayItemsFrom(end),
            offset.known().emittedAhead());
    Emission emission =
        Emission.of(partition, resolver.schema(), batch, resolution, offset.with(known));
    return batches.isEmpty() ? upToTaken(emission) : emission;
  }

  private Emission emitNothing(LogOffset offset, DeferredVersions deferred) {
    KnownTables known =
        new KnownTables(
            resolver.catalog(),
            cache.noStrayItemsFrom(offset.lsn()),
            offset.known().emittedAhead());
    return upToTaken(Emission.none(resolver.schema(), offset.with(known), deferred));
  }

  /** The transactions after an emission, up to those that were taken, have nothing to emit. */
  private Emission upToTaken(Emission emission) {
    Emission last = emission.withOffset(emission.offset().advancedTo(batches.takenUntil()));
    return batches.endsWithTruncation() ? last.withoutDeferred() : last;
  }

  /** The next chunk; only at transaction boundaries, and never two in a row. */
  private Optional<Emission> nextChunk(LogOffset offset, DeferredVersions deferred)
      throws SQLException {
    InitialSnapshot running = snapshot;
    if (running == null || chunkWasLast || !offset.isAtTransactionBoundary()) {
      chunkWasLast = false;
      return Optional.empty();
    }
    long began = System.nanoTime();
    Optional<ChunkEvents> chunk = running.next(partition, offset);
    if (chunk.isEmpty()) {
      return Optional.empty();
    }
    chunkWasLast = true;
    metrics.took(Phase.CHUNK, began);
    metrics.snapshot().reached(running.share());
    if (running.isComplete()) {
      running.close();
      snapshot = null;
    }
    return Optional.of(Emission.of(chunk.get(), deferred));
  }

  /**
   * A time, in milliseconds since the epoch: all that was committed before is emitted. Empty if
   * there is more to emit, or it is not known whether there is.
   */
  OptionalLong caughtUpWith() throws SQLException {
    return batches.isEmpty() && batches.queuedTransactions() == 0
        ? probe.caughtUpWith(batches.takenUntil())
        : OptionalLong.empty();
  }

  /** The number of transactions that were read but not taken yet. */
  int queuedTransactions() {
    return batches.queuedTransactions();
  }

  /** The orders that were read but not emitted yet; each counts once per transaction. */
  long lagOrders() {
    return batches.orders();
  }

  /** Bytes of log that the server keeps for the slot; or {@link SlotMonitor#UNKNOWN}. */
  long retainedWalBytes() {
    return monitor.retainedWalBytes();
  }

  /** Acknowledges a position, so that the server may remove the log before it. */
  void acknowledge(Lsn lsn) {
    reader.acknowledge(lsn);
  }

  @Override
  public void close() {
    reader.close();
    strayItems.close();
    InitialSnapshot running = snapshot;
    if (running != null) {
      running.close();
    }
  }
}
