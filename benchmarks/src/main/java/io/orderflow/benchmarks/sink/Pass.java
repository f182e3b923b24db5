package io.orderflow.benchmarks.sink;

import java.time.Duration;

/**
 * A topic that was read to its end.
 *
 * @param records that were counted: those between two looks at the group's committed offsets
 * @param elapsed between these looks
 * @param consumerCpu of the contestant's process meanwhile
 * @param postgresCpu of PostgreSQL's processes meanwhile
 */
record Pass(long records, Duration elapsed, Duration consumerCpu, Duration postgresCpu) {

  double recordsPerSecond() {
    return records * 1e9 / Math.max(1, elapsed.toNanos());
  }

  double consumerCpuPerMillion() {
    return perMillion(consumerCpu);
  }

  double postgresCpuPerMillion() {
    return perMillion(postgresCpu);
  }

  private double perMillion(Duration cpu) {
    return cpu.toMillis() * 1e3 / Math.max(1, records);
  }
}
