package io.orderflow.quickstart.shop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The steps that wait for their time. For one thread; times are those of System.nanoTime. */
final class Agenda {

  /** A step of one order. */
  record Entry(long dueNanos, Order order, Lifecycle.Step step) {}

  // By difference, as System.nanoTime wants it.
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::dueNanos, (a, b) -> Long.signum(a - b)));

  void add(Order order, Lifecycle.Due due, long nowNanos) {
    Duration after = due.after();
    entries.add(new Entry(nowNanos + after.toNanos(), order, due.step()));
  }

  /** Removes what is due, the earliest first. */
  List<Entry> due(long nowNanos, int most) {
    List<Entry> due = new ArrayList<>();
    while (due.size() < most && !entries.isEmpty() && entries.peek().dueNanos() - nowNanos <= 0) {
      due.add(entries.remove());
    }
    return due;
  }
}
