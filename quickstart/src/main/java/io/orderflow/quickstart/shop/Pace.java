package io.orderflow.quickstart.shop;

import java.util.concurrent.TimeUnit;

/** How many orders are due by a time: whoever was held up makes up for it. For one thread. */
final class Pace {

  private final double perNano;
  private final long startNanos;
  private long placed;

  Pace(double perSecond, long startNanos) {
    this.perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
    this.startNanos = startNanos;
  }

  /** Takes the orders that are due, at most as many as given. */
  int take(long nowNanos, int most) {
    long due = (long) ((nowNanos - startNanos) * perNano) - placed;
    int taken = (int) Math.max(0, Math.min(due, most));
    placed += taken;
    return taken;
  }
}
