package io.orderflow.quickstart.observe;

import io.orderflow.quickstart.shop.OrderVersion;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Follows versions from their commit to one place that they should reach. A version has reached the
 * place as soon as it, or a later one of its order, is seen there: query capture may skip versions
 * that a later one has replaced. Past orders are counted apart. Thread-safe.
 */
final class Progress {

  /** Stands for the transaction of versions that are not timed. */
  static final long UNTIMED = 0;

  private record Pending(long version, long transaction, Count count) {}

  /** The state of one order; changed only within {@link Map#compute}. */
  private static final class Track {
    private final Deque<Pending> pending = new ArrayDeque<>();
    private long highestSeen = Long.MIN_VALUE;
  }

  /** How many versions were committed, and how many of them have arrived. */
  static final class Count {
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong reached = new AtomicLong();

    long committed() {
      return committed.get();
    }

    long reached() {
      return reached.get();
    }

    /** How many have not arrived. */
    long outstanding() {
      // Reached first: it never exceeds the number committed before.
      long arrivals = reached.get();
      return committed.get() - arrivals;
    }
  }

  private final Map<Long, Track> tracks = new ConcurrentHashMap<>();
  private final Set<Long> awaited = ConcurrentHashMap.newKeySet();
  private final Count past = new Count();
  private final Count live = new Count();

  /**
   * Adds versions that were committed while the shop was open.
   *
   * @param transaction the ID of the shop's transaction, or {@link #UNTIMED}
   */
  void committed(Collection<OrderVersion> versions, long transaction) {
    await(versions, transaction, live);
  }

  /** Adds the orders that existed before capture began. */
  void committedBefore(Collection<OrderVersion> versions) {
    await(versions, UNTIMED, past);
  }

  private void await(Collection<OrderVersion> versions, long transaction, Count count) {
    count.committed.addAndGet(versions.size());
    for (OrderVersion version : versions) {
      tracks.compute(
          version.orderId(),
          (id, known) -> {
            Track track = known == null ? new Track() : known;
            // A version may be seen before its committer has reported it.
            if (version.version() <= track.highestSeen) {
              count.reached.incrementAndGet();
            } else {
              track.pending.addLast(new Pending(version.version(), transaction, count));
              awaited.add(id);
            }
            return track;
          });
    }
  }

  /**
   * Marks a version, and all earlier ones of its order, as arrived.
   *
   * @return the transaction that committed exactly this version; empty if it was seen before, or is
   *     not timed
   */
  OptionalLong seen(OrderVersion version) {
    AtomicLong transaction = new AtomicLong(UNTIMED);
    tracks.compute(
        version.orderId(),
        (id, known) -> {
          Track track = known == null ? new Track() : known;
          track.highestSeen = Math.max(track.highestSeen, version.version());
          while (!track.pending.isEmpty()
              && track.pending.getFirst().version() <= track.highestSeen) {
            Pending arrived = track.pending.removeFirst();
            arrived.count().reached.incrementAndGet();
            if (arrived.version() == version.version()) {
              transaction.set(arrived.transaction());
            }
          }
          if (track.pending.isEmpty()) {
            awaited.remove(id);
          }
          return track;
        });
    return transaction.get() == UNTIMED ? OptionalLong.empty() : OptionalLong.of(transaction.get());
  }

  /** The orders of which a version has not arrived yet. */
  Set<Long> awaitedOrders() {
    return Set.copyOf(awaited);
  }

  /** The orders that existed before capture began. */
  Count past() {
    return past;
  }

  /** The versions that were committed while the shop was open. */
  Count live() {
    return live;
  }

  long outstanding() {
    return past.outstanding() + live.outstanding();
  }
}
