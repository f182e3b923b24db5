package io.orderflow.sink.apply;

import io.orderflow.common.trace.LogContext;
import io.orderflow.sink.deadletter.BadRecord;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that applies the batches of one queue, one after the other. A failure that no retry can
 * overcome ends it; the task's thread then throws that failure to Connect.
 */
final class Worker {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final BatchQueue queue;
  private final BatchApplier applier;
  private final PendingOffsets pending;
  private final SinkMetrics metrics;
  private final Thread thread;

  private volatile @Nullable ConnectException failure;

  private Worker(
      String name,
      BatchQueue queue,
      BatchApplier applier,
      PendingOffsets pending,
      SinkMetrics metrics) {
    this.queue = queue;
    this.applier = applier;
    this.pending = pending;
    this.metrics = metrics;
    this.thread = new Thread(LogContext.inherited(this::run), name);
    this.thread.setDaemon(true);
  }

  /**
   * Starts the thread.
   *
   * @param name of the thread
   */
  static Worker start(
      String name,
      BatchQueue queue,
      BatchApplier applier,
      PendingOffsets pending,
      SinkMetrics metrics) {
    Worker worker = new Worker(name, queue, applier, pending, metrics);
    worker.thread.start();
    return worker;
  }

  BatchQueue queue() {
    return queue;
  }

  /** The failure that has ended the worker before it was closed. */
  Optional<ConnectException> failure() {
    return Optional.ofNullable(failure);
  }

  private void run() {
    try {
      while (true) {
        applyNextBatch();
      }
    } catch (InterruptedException closed) {
      LOG.debug("{} is closed", thread.getName());
    } catch (ConnectException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new ConnectException("Applying records failed unexpectedly", e);
    } finally {
      queue.close();
    }
  }

  private void applyNextBatch() throws InterruptedException {
    List<ParsedRecord> batch = queue.take();
    List<BadRecord> rejected = apply(batch);
    metrics.batchCommitted(batch, rejected.size());
    queue.finish(rejected);
    pending.finish(applied(batch, rejected));
  }

  private List<BadRecord> apply(List<ParsedRecord> batch) throws InterruptedException {
    metrics.batchStarted(this, batch);
    try {
      return applier.apply(batch);
    } finally {
      metrics.batchEnded(this);
    }
  }

  private static List<SinkRecord> applied(List<ParsedRecord> batch, List<BadRecord> rejected) {
    // By identity: SinkRecord compares keys and values, which takes long.
    Set<SinkRecord> unfinished = Collections.newSetFromMap(new IdentityHashMap<>());
    rejected.forEach(bad -> unfinished.add(bad.record()));
    return batch.stream()
        .map(ParsedRecord::record)
        .filter(record -> !unfinished.contains(record))
        .toList();
  }

  /** Requests the thread to end, without waiting for it. */
  void requestEnd() {
    queue.close();
    thread.interrupt();
  }

  /**
   * Waits for the thread to end.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   */
  void awaitEnd(long deadline) {
    try {
      // join(0) would wait without limit.
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
