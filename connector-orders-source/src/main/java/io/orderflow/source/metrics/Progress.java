package io.orderflow.source.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The progress of an initial snapshot. One thread updates it, any may read it. */
public final class Progress {

  private static final double ALL = 100;

  private final InstantSource clock;

  private volatile State state = new State(Instant.EPOCH, Double.NaN, Double.NaN);

  /** The share from 0 to 1 at the start, and now; NaN if unknown. */
  private record State(Instant began, double first, double now) {}

  Progress(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Updates the progress.
   *
   * @param share of all orders that is emitted, from 0 to 1; estimates may exceed it; NaN if
   *     unknown
   */
  public void reached(double share) {
    State known = state;
    double capped = Math.min(share, 1);
    state =
        Double.isNaN(known.first())
            ? new State(clock.instant(), capped, capped)
            : new State(known.began(), known.first(), capped);
  }

  /** Notes that the snapshot is complete, or that there is none. */
  public void complete() {
    reached(1);
  }

  double percent() {
    return ALL * state.now();
  }

  double secondsRemaining() {
    State known = state;
    double remaining = 1 - known.now();
    if (remaining <= 0) {
      return 0;
    }
    double emitted = known.now() - known.first();
    double seconds = Duration.between(known.began(), clock.instant()).toMillis() / 1_000.0;
    return emitted > 0 ? seconds * remaining / emitted : Double.NaN;
  }
}
