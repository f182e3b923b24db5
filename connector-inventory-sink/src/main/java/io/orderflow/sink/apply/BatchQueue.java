package io.orderflow.sink.apply;

import io.orderflow.sink.deadletter.BadRecord;
import io.orderflow.sink.record.Coordinates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The records that wait for one worker, in order, and the records that the database has rejected
 * and the task's thread has not yet taken over. At most one batch waits, so that it is ready when
 * the previous one is committed; more would only cost memory.
 *
 * <p>Thread safety: the task's thread adds records and takes rejected ones; the worker takes
 * batches.
 */
final class BatchQueue {

  private final BatchLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final ArrayDeque<ParsedRecord> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long firstArrival;
  private List<BadRecord> rejected = new ArrayList<>();
  private boolean closed;

  BatchQueue(BatchLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds a record, waiting for room until the deadline.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   * @return false if there was no room
   */
  boolean add(ParsedRecord parsed, long deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!hasRoom()) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || closed) {
          return false;
        }
        boolean unused = changed.await(left, TimeUnit.NANOSECONDS);
      }
      if (waiting.isEmpty()) {
        firstArrival = System.nanoTime();
      }
      waiting.add(parsed);
      waitingBytes += parsed.bytes();
      if (waiting.size() == 1 || limits.isFull(waiting.size(), waitingBytes)) {
        changed.signalAll();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom() {
    return !limits.isFull(waiting.size(), waitingBytes);
  }

  /**
   * Waits for a batch and removes it. A batch has at least one record, even if all waiting records
   * were dropped in the meantime.
   */
  List<ParsedRecord> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      do {
        while (waiting.isEmpty()) {
          changed.await();
        }
        linger();
      } while (waiting.isEmpty());
      List<ParsedRecord> batch = new ArrayList<>(Math.min(waiting.size(), limits.records()));
      long bytes = 0;
      while (!waiting.isEmpty() && limits.fits(batch.size(), bytes, waiting.element().bytes())) {
        ParsedRecord next = waiting.remove();
        bytes += next.bytes();
        batch.add(next);
      }
      waitingBytes -= bytes;
      changed.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void linger() throws InterruptedException {
    long deadline = firstArrival + limits.linger().toNanos();
    for (long left = deadline - System.nanoTime();
        left > 0 && !limits.isFull(waiting.size(), waitingBytes);
        left = deadline - System.nanoTime()) {
      boolean unused = changed.await(left, TimeUnit.NANOSECONDS);
    }
  }

  /** Adds the rejected records of the batch taken last, which is committed without them. */
  void finish(List<BadRecord> rejectedOfBatch) {
    lock.lock();
    try {
      rejected.addAll(rejectedOfBatch);
      firstArrival = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the records that were rejected since the last call. */
  List<BadRecord> takeRejected() {
    lock.lock();
    try {
      List<BadRecord> result = rejected;
      rejected = new ArrayList<>();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** Drops waiting and rejected records of partitions that another task continues. */
  void drop(Collection<TopicPartition> revoked) {
    lock.lock();
    try {
      for (Iterator<ParsedRecord> each = waiting.iterator(); each.hasNext(); ) {
        ParsedRecord parsed = each.next();
        if (isOf(parsed.record(), revoked)) {
          waitingBytes -= parsed.bytes();
          each.remove();
        }
      }
      rejected.removeIf(bad -> isOf(bad.record(), revoked));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isOf(SinkRecord record, Collection<TopicPartition> partitions) {
    return partitions.contains(Coordinates.of(record).topicPartition());
  }

  /** Ends all waits for room, since no batch is taken any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
