package io.orderflow.source.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How far an initial load is. One thread notes, any may ask. */
public final class Progress {

  private static final double ALL = 100;

  private final InstantSource clock;

  private volatile State state = new State(Instant.EPOCH, Double.NaN, Double.NaN);

  /** The share from 0 to 1 at the beginning, and now; NaN where it is not known. */
  private record State(Instant began, double atFirst, double now) {}

  Progress(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Notes how much is loaded.
   *
   * @param share from 0 to 1, of all orders; estimates may be beyond; NaN where it is not known
   */
  public void reached(double share) {
    State known = state;
    double capped = Math.min(share, 1);
    state =
        Double.isNaN(known.atFirst())
            ? new State(clock.instant(), capped, capped)
            : new State(known.began(), known.atFirst(), capped);
  }

  /** Everything is loaded, or nothing was to be. */
  public void done() {
    reached(1);
  }

  double percent() {
    return ALL * state.now();
  }

  double secondsLeft() {
    State known = state;
    double left = 1 - known.now();
    if (left <= 0) {
      return 0;
    }
    double loaded = known.now() - known.atFirst();
    double seconds = Duration.between(known.began(), clock.instant()).toMillis() / 1_000.0;
    return loaded > 0 ? seconds * left / loaded : Double.NaN;
  }
}
