package io.orderflow.source.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Knows up to where the log is in Kafka for good, from what Connect says of single records. Connect
 * may commit offsets while later records are on their way, and says so afterwards: what counts at
 * one commit is only what had been delivered at the one before. Safe for use by many threads.
 */
public final class CommitTracker {

  private final Deque<Batch> batches = new ArrayDeque<>();
  private long delivered;
  private long committed;

  /** Records that were sent together. */
  private static final class Batch {
    private final Map<String, Object> partition;
    private final long lsn;
    private int left;

    Batch(Map<String, Object> partition, long lsn, int left) {
      this.partition = partition;
      this.lsn = lsn;
      this.left = left;
    }
  }

  /**
   * Records are about to be sent.
   *
   * @param lsn once all of them are delivered, all that was committed before it is
   * @return the partition to send them with, an object by which they are known again
   */
  public synchronized Map<String, Object> sending(
      Map<String, Object> partition, long lsn, int records) {
    // Put one by one: a copied HashMap may list its keys in another order than the first does, and
    // Connect, which compares what it has written, would find no offset at the next start.
    Map<String, Object> own = new HashMap<>();
    partition.forEach(own::put);
    batches.add(new Batch(own, lsn, records));
    return own;
  }

  /** A record was delivered. */
  @SuppressWarnings("ReferenceEquality") // That is the point: each batch has an object of its own.
  public synchronized void delivered(Map<String, ?> partition) {
    for (Batch batch : batches) {
      if (batch.partition == partition) {
        batch.left--;
        break;
      }
    }
    while (!batches.isEmpty() && batches.element().left <= 0) {
      delivered = batches.remove().lsn;
    }
  }

  /** Offsets were committed. Returns up to where the log is committed for sure; 0 for nowhere. */
  public synchronized long committed() {
    long sure = committed;
    committed = delivered;
    return sure;
  }

  /** Nothing of what was sent counts any more. */
  public synchronized void forget() {
    batches.clear();
  }
}
