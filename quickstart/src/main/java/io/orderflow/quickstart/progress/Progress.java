package io.orderflow.quickstart.progress;

import io.orderflow.quickstart.shop.OrderVersion;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Follows versions from where they were committed to one place that they should reach, and measures
 * how long it took. A version has reached the place as soon as it, or a later one of its order, is
 * seen there: a capture by query may pass over versions that were overtaken. Thread-safe.
 */
public final class Progress {

  private record Pending(long version, boolean timed, long committedAtNanos) {}

  /** What is known of one order; changed only within {@link Map#compute}. */
  private static final class Track {
    private final Deque<Pending> pending = new ArrayDeque<>();
    private long highestSeen = Long.MIN_VALUE;
  }

  private final Map<Long, Track> tracks = new ConcurrentHashMap<>();
  private final Set<Long> awaited = ConcurrentHashMap.newKeySet();
  private final AtomicLong committed = new AtomicLong();
  private final AtomicLong reached = new AtomicLong();
  private final LongConsumer latencies;

  /**
   * Begins with nothing committed.
   *
   * @param latencies gets the nanoseconds from commit to arrival, once for each version
   */
  public Progress(LongConsumer latencies) {
    this.latencies = latencies;
  }

  /** Notes versions that were committed at a time of {@link System#nanoTime}. */
  public void committed(Collection<OrderVersion> versions, long atNanos) {
    await(versions, true, atNanos);
  }

  /** Notes versions that were there before anybody could take them along: they are not timed. */
  public void committedBefore(Collection<OrderVersion> versions) {
    await(versions, false, 0);
  }

  private void await(Collection<OrderVersion> versions, boolean timed, long atNanos) {
    committed.addAndGet(versions.size());
    for (OrderVersion version : versions) {
      tracks.compute(
          version.orderId(),
          (id, known) -> {
            Track track = known == null ? new Track() : known;
            // It can be seen there before whoever committed it comes to say so.
            Pending pending = new Pending(version.version(), timed, atNanos);
            if (version.version() <= track.highestSeen) {
              arrived(pending, atNanos);
            } else {
              track.pending.addLast(pending);
              awaited.add(id);
            }
            return track;
          });
    }
  }

  /** Notes that a version was seen in the place at a time of {@link System#nanoTime}. */
  public void seen(OrderVersion version, long atNanos) {
    tracks.compute(
        version.orderId(),
        (id, known) -> {
          Track track = known == null ? new Track() : known;
          track.highestSeen = Math.max(track.highestSeen, version.version());
          while (!track.pending.isEmpty()
              && track.pending.getFirst().version() <= track.highestSeen) {
            arrived(track.pending.removeFirst(), atNanos);
          }
          if (track.pending.isEmpty()) {
            awaited.remove(id);
          }
          return track;
        });
  }

  private void arrived(Pending version, long atNanos) {
    reached.incrementAndGet();
    if (version.timed()) {
      latencies.accept(Math.max(0, atNanos - version.committedAtNanos()));
    }
  }

  /** The orders of which a version has not arrived yet. */
  public Set<Long> awaitedOrders() {
    return Set.copyOf(awaited);
  }

  /** How many versions were committed. */
  public long committed() {
    return committed.get();
  }

  /** How many of the committed versions have arrived. */
  public long reached() {
    return reached.get();
  }

  /** How many of the committed versions have not arrived. */
  public long outstanding() {
    // Reached first: it never exceeds what was committed before.
    long arrivals = reached.get();
    return committed.get() - arrivals;
  }
}
