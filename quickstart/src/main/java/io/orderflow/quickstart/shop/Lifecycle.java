package io.orderflow.quickstart.shop;

import io.orderflow.quickstart.shop.Order.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Decides what customers and clerks do to orders, and when. A few seconds here stand for days. For
 * one thread; times are those of {@link System#nanoTime}.
 */
final class Lifecycle {

  /** A change of an order. */
  enum Step {
    CHANGE_QUANTITY,
    PAY,
    SHIP,
    CANCEL
  }

  /** A step of one order that waits for its time. */
  record Due(long atNanos, Order order, Step step) {}

  private final RandomGenerator random;

  // Compared by difference, as System.nanoTime demands.
  private final PriorityQueue<Due> waiting =
      new PriorityQueue<>(Comparator.comparing(Due::atNanos, (a, b) -> Long.signum(a - b)));

  Lifecycle(RandomGenerator random) {
    this.random = random;
  }

  /** Decides what happens next to an order, if anything. */
  void plan(Order order, long nowNanos) {
    double chance = random.nextDouble();
    switch (order.status()) {
      case PENDING -> planPending(order, chance, nowNanos);
      case PAID -> add(order, chance < 0.93 ? Step.SHIP : Step.CANCEL, nowNanos, 1_000, 5_000);
      case SHIPPED, CANCELLED -> {}
    }
  }

  private void planPending(Order order, double chance, long nowNanos) {
    if (chance < 0.08) {
      return;
    }
    boolean changedBefore = order.version() > 1;
    if (chance < 0.20) {
      add(order, Step.CANCEL, nowNanos, 500, 6_000);
    } else if (chance < 0.35 && !changedBefore) {
      add(order, Step.CHANGE_QUANTITY, nowNanos, 300, 3_000);
    } else {
      add(order, Step.PAY, nowNanos, 300, 4_000);
    }
  }

  private void add(Order order, Step step, long nowNanos, long minMillis, long maxMillis) {
    long after = TimeUnit.MILLISECONDS.toNanos(random.nextLong(minMillis, maxMillis));
    waiting.add(new Due(nowNanos + after, order, step));
  }

  /** Removes what is due, the earliest first. */
  List<Due> due(long nowNanos, int max) {
    List<Due> due = new ArrayList<>();
    while (due.size() < max && !waiting.isEmpty() && waiting.peek().atNanos() - nowNanos <= 0) {
      due.add(waiting.remove());
    }
    return due;
  }

  /** The order after the step, in its next version. */
  Order apply(Due due) {
    Order order = due.order();
    return switch (due.step()) {
      case CHANGE_QUANTITY -> order.withFirstQuantity(random.nextInt(1, 6));
      case PAY -> order.to(Status.PAID);
      case SHIP -> order.to(Status.SHIPPED);
      case CANCEL -> order.to(Status.CANCELLED);
    };
  }
}
