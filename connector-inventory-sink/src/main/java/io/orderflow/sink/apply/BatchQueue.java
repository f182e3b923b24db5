package io.orderflow.sink.apply;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of one lane that are not yet dealt with, in their order: those that wait, those in
 * the batch that is being applied, and those refused that still have to be reported. The task's
 * thread adds records and asks, the lane's takes them batch by batch. What waits is bounded: one
 * batch, which is ready when another is committed. More would only be more for a garbage collector
 * to carry about.
 */
final class BatchQueue {

  private final BatchLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final ArrayDeque<ParsedRecord> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long firstArrival;
  private List<ParsedRecord> taken = List.of();
  private List<BadRecord> refused = new ArrayList<>();
  private boolean closed;

  BatchQueue(BatchLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds a record; waits for room until then.
   *
   * @param deadline as {@link System#nanoTime} counts
   * @return false if there was no room
   */
  boolean add(ParsedRecord reading, long deadline) throws InterruptedException {
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
      waiting.add(reading);
      waitingBytes += reading.bytes();
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
   * Waits for a batch, and takes it out; it counts as unfinished until it is handed back. There is
   * at least one record in it, also if all that waited was revoked meanwhile.
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
      taken = batch;
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

  /** The batch taken last is committed, but for these records. */
  void finish(List<BadRecord> refusedOfBatch) {
    lock.lock();
    try {
      refused.addAll(refusedOfBatch);
      taken = List.of();
      firstArrival = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What was refused since the last call; who calls it sees to the reports. */
  List<BadRecord> refused() {
    lock.lock();
    try {
      List<BadRecord> result = refused;
      refused = new ArrayList<>();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** By partition, the first offset that is not dealt with. */
  void earliest(Map<TopicPartition, Long> offsets) {
    lock.lock();
    try {
      refused.forEach(bad -> ParsedRecord.keepEarliest(bad.record(), offsets));
      taken.forEach(reading -> ParsedRecord.keepEarliest(reading.record(), offsets));
      waiting.forEach(reading -> ParsedRecord.keepEarliest(reading.record(), offsets));
    } finally {
      lock.unlock();
    }
  }

  /** Drops what waits from partitions that belong to somebody else by now. */
  void forget(Collection<TopicPartition> partitions) {
    lock.lock();
    try {
      for (Iterator<ParsedRecord> each = waiting.iterator(); each.hasNext(); ) {
        ParsedRecord reading = each.next();
        if (partitions.contains(ParsedRecord.partition(reading.record()))) {
          waitingBytes -= reading.bytes();
          each.remove();
        }
      }
      refused.removeIf(bad -> partitions.contains(ParsedRecord.partition(bad.record())));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return waiting.isEmpty() && taken.isEmpty() && refused.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is taken any more, so nobody has to wait for room. */
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
