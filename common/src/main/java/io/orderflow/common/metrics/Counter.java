package io.orderflow.common.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counts what happens. Any thread. */
public final class Counter {

  private final LongAdder count = new LongAdder();

  Counter() {}

  public void add(long more) {
    count.add(more);
  }

  long sum() {
    return count.sum();
  }
}
