package io.orderflow.source.log.snapshot;

import io.orderflow.source.event.OrderKey;
import io.orderflow.source.offset.TransactionSnapshot;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which orders of a chunk the stream has told while the chunk was read and waited: they are newer
 * than the chunk has them. Safe for use by many threads.
 *
 * <p>A chunk's orders can be older than what the stream told even before the chunk was begun: a
 * commit is in the log, and may be streamed, a moment before other transactions see it; with
 * synchronous replication, until a standby has it. So what was told is kept until a snapshot shows
 * its transaction, and is held against the snapshot of each chunk.
 */
final class ChunkWindow {

  /** That a transaction has touched an order. */
  private record Told(long place, long xid, Object key) {}

  /**
   * A chunk that is yet to be merged.
   *
   * @param place all that was told up to here came before the chunk's snapshot
   * @param before a snapshot that was taken before the chunk's own
   */
  private record Begun(long place, TransactionSnapshot before) {}

  private final Deque<Told> told = new ArrayDeque<>();
  private final Map<Long, Begun> begun = new HashMap<>();

  private long place;
  private TransactionSnapshot latest;

  /**
   * Nothing was told yet.
   *
   * @param since a snapshot that shows nothing of what the stream will tell
   */
  ChunkWindow(TransactionSnapshot since) {
    latest = since;
  }

  /** The stream tells an order, by the lower 32 bits of its transaction's ID. */
  synchronized void told(long xid, Object orderId) {
    told.add(new Told(++place, xid, OrderKey.of(orderId)));
  }

  /** A chunk's snapshot is about to be taken, for the first time or anew. */
  synchronized void begin(long chunk) {
    begun.put(chunk, new Begun(place, latest));
  }

  /** A snapshot has been taken. */
  synchronized void taken(TransactionSnapshot snapshot) {
    latest = snapshot;
  }

  /**
   * Ends a chunk: it is returned without its overtaken orders, and what is settled is forgotten.
   */
  synchronized Chunk end(Chunk chunk) {
    Begun own = Objects.requireNonNull(begun.remove(chunk.number()), "a chunk that was not begun");
    Set<Object> keys = new HashSet<>();
    for (Told one : told) {
      if (one.place() > own.place() || !chunk.snapshot().visible32(one.xid())) {
        keys.add(one.key());
      }
    }
    forgetSettled();
    return chunk.without(keys);
  }

  /** What every chunk to come will show need not be kept. */
  private void forgetSettled() {
    Begun oldest =
        begun.values().stream()
            .min(Comparator.comparingLong(Begun::place))
            .orElseGet(() -> new Begun(place, latest));
    while (!told.isEmpty()
        && told.element().place() <= oldest.place()
        && oldest.before().visible32(told.element().xid())) {
      told.remove();
    }
  }

  /** How many are kept. */
  synchronized int kept() {
    return told.size();
  }
}
