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
 * Removes from a chunk the orders that the stream contains while the chunk is read and waits to be
 * emitted, since the stream's state is newer (DBLog, "Watermark-based change-data-capture";
 * Debezium's incremental snapshots). Thread-safe.
 *
 * <p>A chunk can even be older than a change that was streamed before its window opened: a commit
 * is in the log, and may be streamed, shortly before it is visible; with synchronous replication it
 * is visible only once a standby has confirmed it. So a streamed order is kept until a snapshot
 * shows its transaction, and compared with the snapshot of each chunk.
 */
final class ChunkWindow {

  /** A change of an order in the stream. */
  private record Streamed(long sequence, long xid, Object key) {}

  /**
   * The window of a chunk that is not emitted yet.
   *
   * @param sequence changes up to this number were streamed before the chunk's snapshot was taken
   * @param before a snapshot that was taken before the chunk's own
   */
  private record Window(long sequence, TransactionSnapshot before) {}

  private final Deque<Streamed> streamed = new ArrayDeque<>();
  private final Map<Long, Window> open = new HashMap<>();

  private final boolean streamHasAllRows;

  private long sequence;
  private TransactionSnapshot latest;

  /**
   * Starts before anything is streamed.
   *
   * @param since a snapshot that shows none of the stream's transactions
   * @param streamHasAllRows whether the stream contains every row that is newer than {@code since};
   *     it does not contain those that a partition had when it was attached
   */
  ChunkWindow(TransactionSnapshot since, boolean streamHasAllRows) {
    latest = since;
    this.streamHasAllRows = streamHasAllRows;
  }

  /** Registers a streamed order, with the lower 32 bits of its transaction's ID. */
  synchronized void orderStreamed(long xid, Object orderId) {
    streamed.add(new Streamed(++sequence, xid, OrderKey.of(orderId)));
  }

  /** Opens a chunk's window, before each attempt to take its snapshot. */
  synchronized void open(long chunk) {
    open.put(chunk, new Window(sequence, latest));
  }

  /** Notes that a snapshot has been taken. */
  synchronized void snapshotTaken(TransactionSnapshot snapshot) {
    latest = snapshot;
  }

  /**
   * Closes a chunk's window: returns the chunk without the orders that the stream contains. If the
   * stream lacks rows, an order remains unless the stream has a transaction of it that the chunk
   * does not show: the chunk is emitted after all those that it shows, and is never older.
   */
  synchronized Chunk deduplicate(Chunk chunk) {
    Window window =
        Objects.requireNonNull(open.remove(chunk.number()), "the chunk has no open window");
    Set<Object> keys = new HashSet<>();
    for (Streamed order : streamed) {
      boolean duringWindow = order.sequence() > window.sequence();
      if ((streamHasAllRows && duringWindow) || !chunk.snapshot().shows32(order.xid())) {
        keys.add(order.key());
      }
    }
    forgetSettled();
    return chunk.without(keys);
  }

  /** Forgets the orders whose transactions all later chunks show. */
  private void forgetSettled() {
    Window oldest =
        open.values().stream()
            .min(Comparator.comparingLong(Window::sequence))
            .orElseGet(() -> new Window(sequence, latest));
    while (!streamed.isEmpty()
        && streamed.element().sequence() <= oldest.sequence()
        && oldest.before().shows32(streamed.element().xid())) {
      streamed.remove();
    }
  }

  /** The number of streamed orders that are kept. */
  synchronized int size() {
    return streamed.size();
  }
}
