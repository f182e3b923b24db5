package io.orderflow.source.log;

import io.orderflow.source.offset.Lsn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tracks up to which log position Connect has committed, from its callbacks for single records.
 * Connect may commit offsets while later records are in flight, and reports the commit afterwards.
 * So a commit is assumed to cover only the records that were delivered at the previous commit.
 *
 * <p>Thread safety: any thread may call any method.
 */
final class CommitTracker {

  private final Deque<Batch> batches = new ArrayDeque<>();
  private @Nullable Lsn delivered;
  private @Nullable Lsn deliveredAtLastCommit;

  /** Records that were sent together. */
  private static final class Batch {
    private final Map<String, Object> partition;
    private final Lsn lsn;
    private int inFlight;

    Batch(Map<String, Object> partition, Lsn lsn, int inFlight) {
      this.partition = partition;
      this.lsn = lsn;
      this.inFlight = inFlight;
    }
  }

  /**
   * Registers records before they are sent.
   *
   * @param lsn once they are delivered, all transactions that committed before this position are
   * @return the source partition to send them with; {@link #delivered} recognizes the records by
   *     the identity of this object
   */
  synchronized Map<String, Object> register(Map<String, Object> partition, Lsn lsn, int records) {
    // Entry by entry: a copied HashMap may iterate its keys in another order, and Connect, which
    // compares serialized partitions, would find no offset at the next start.
    Map<String, Object> copy = new HashMap<>();
    partition.forEach(copy::put);
    batches.add(new Batch(copy, lsn, records));
    return copy;
  }

  /** Called once for each record that is delivered, or filtered by a transformation. */
  @SuppressWarnings("ReferenceEquality") // Each batch has a partition object of its own.
  synchronized void delivered(Map<String, ?> partition) {
    for (Batch batch : batches) {
      if (batch.partition == partition) {
        batch.inFlight--;
        break;
      }
    }
    while (!batches.isEmpty() && batches.element().inFlight <= 0) {
      delivered = batches.remove().lsn;
    }
  }

  /** Called when Connect has committed offsets; returns the position that they certainly cover. */
  synchronized Optional<Lsn> committed() {
    Lsn covered = deliveredAtLastCommit;
    deliveredAtLastCommit = delivered;
    return Optional.ofNullable(covered);
  }

  /** Forgets the records in flight, since their session has failed. */
  synchronized void reset() {
    batches.clear();
  }
}
