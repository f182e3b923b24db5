package io.orderflow.benchmarks.source;

import java.time.Duration;

/**
 * A shop that was loaded, as far as it was measured.
 *
 * @param orders that arrived between two looks at the topics
 * @param elapsed between these looks
 * @param cpu used meanwhile
 */
record Load(double orders, Duration elapsed, Cpu cpu) {

  /** CPU time of the contestant's process, of PostgreSQL's processes, and of the broker's. */
  record Cpu(Duration reader, Duration postgres, Duration broker) {

    Cpu minus(Cpu before) {
      return new Cpu(
          reader.minus(before.reader),
          postgres.minus(before.postgres),
          broker.minus(before.broker));
    }

    Duration total() {
      return reader.plus(postgres).plus(broker);
    }
  }

  double ordersPerSecond() {
    return orders * 1e9 / Math.max(1, elapsed.toNanos());
  }

  /** In seconds. */
  double perMillion(Duration used) {
    return used.toMillis() * 1e3 / Math.max(1, orders);
  }

  double cpuPerMillion() {
    return perMillion(cpu.total());
  }
}
