package io.orderflow.benchmarks.source;

import java.util.Locale;

/** How many in a thousand took no longer. */
enum Quantile {
  P50(500),
  P99(990),
  P99_9(999),
  MOST(1_000);

  private final int ofThousand;

  Quantile(int ofThousand) {
    this.ofThousand = ofThousand;
  }

  String label() {
    return this == MOST ? "max" : name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /**
   * By nearest rank.
   *
   * @param sorted at least one value, in growing order
   */
  long of(long[] sorted) {
    long rank = ((long) sorted.length * ofThousand + 999) / 1_000;
    return sorted[(int) Math.max(1, rank) - 1];
  }
}
