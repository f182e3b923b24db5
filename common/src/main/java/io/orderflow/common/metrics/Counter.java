package io.orderflow.common.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Counts occurrences. Thread-safe. */
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
