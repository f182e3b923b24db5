package io.orderflow.quickstart.shop;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What customers and clerks do to an order, and when. A few seconds here stand for days. */
final class Lifecycle {

  /** What happens next to an order. */
  enum Step {
    CHANGE_QUANTITY,
    PAY,
    SHIP,
    CANCEL
  }

  /** A step, and how long after the order's last change it is due. */
  record Due(Step step, Duration after) {}

  private final RandomGenerator random;

  Lifecycle(RandomGenerator random) {
    this.random = random;
  }

  /** Empty for an order that stays as it is. */
  Optional<Due> next(Order order) {
    double chance = random.nextDouble();
    return switch (order.status()) {
      case PENDING -> pending(order, chance);
      case PAID -> in(chance < 0.93 ? Step.SHIP : Step.CANCEL, 1_000, 5_000);
      case SHIPPED, CANCELLED -> Optional.empty();
    };
  }

  private Optional<Due> pending(Order order, double chance) {
    if (chance < 0.08) {
      return Optional.empty();
    }
    if (chance < 0.20) {
      return in(Step.CANCEL, 500, 6_000);
    }
    boolean changedBefore = order.version() > 1;
    return chance < 0.35 && !changedBefore
        ? in(Step.CHANGE_QUANTITY, 300, 3_000)
        : in(Step.PAY, 300, 4_000);
  }

  private Optional<Due> in(Step step, long leastMillis, long mostMillis) {
    return Optional.of(new Due(step, Duration.ofMillis(random.nextLong(leastMillis, mostMillis))));
  }

  /** The order after the step, in its next version. */
  Order apply(Step step, Order order) {
    return switch (step) {
      case CHANGE_QUANTITY -> order.withFirstQuantity(random.nextInt(1, 6));
      case PAY -> order.to(Status.PAID);
      case SHIP -> order.to(Status.SHIPPED);
      case CANCEL -> order.to(Status.CANCELLED);
    };
  }
}
