package io.orderflow.sink.apply;

import io.orderflow.sink.deadletter.BadRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * The workers of a task. All records of one order go to the same worker, which keeps them in order,
 * and so do those of one payment that has an ID of its own. For the task's thread.
 */
final class Workers implements AutoCloseable {

  /** The maximum wait for all workers together. Connect gives a task five seconds to stop. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

  private final List<Worker> workers;

  Workers(List<Worker> workers) {
    this.workers = List.copyOf(workers);
  }

  /**
   * Queues a record for the worker of its order or payment; false if there was no room until the
   * deadline.
   */
  boolean add(ParsedRecord parsed, long deadline) throws InterruptedException {
    return workers.get(indexOf(parsed, workers.size())).queue().add(parsed, deadline);
  }

  /** The number of the worker, from 0, that a record goes to. */
  static int indexOf(ParsedRecord parsed, int workers) {
    if (workers == 1 || parsed.updates().isEmpty()) {
      return 0;
    }
    // The hash of a whole number is the number itself, and all IDs of a partition may have the same
    // remainder: multiplying by the golden ratio spreads them (Knuth, section 6.4).
    int hash = parsed.updates().get(0).key().hashCode() * 0x9E3779B9;
    return Math.floorMod(hash >>> 16, workers);
  }

  /**
   * Checks that all workers run.
   *
   * @throws ConnectException that has ended one of them
   */
  void check() {
    for (Worker worker : workers) {
      worker
          .failure()
          .ifPresent(
              failure -> {
                throw failure;
              });
    }
  }

  /** Takes the records that the database has rejected since the last call. */
  List<BadRecord> takeRejected() {
    return workers.stream().flatMap(worker -> worker.queue().takeRejected().stream()).toList();
  }

  /** Drops queued records of partitions that another task continues. */
  void drop(Collection<TopicPartition> revoked) {
    workers.forEach(worker -> worker.queue().drop(revoked));
  }

  /** Ends the workers; closing the connection pool cuts off transactions that take longer. */
  @Override
  public void close() {
    workers.forEach(Worker::requestEnd);
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    workers.forEach(worker -> worker.awaitEnd(deadline));
  }
}
