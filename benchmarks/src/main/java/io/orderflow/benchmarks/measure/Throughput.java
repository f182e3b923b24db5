package io.orderflow.benchmarks.measure;

import java.time.Duration;

/**
 * The measured part of a run.
 *
 * @param records records or orders that arrived between two looks
 * @param elapsed between these looks
 * @param cpu used between these looks
 */
public record Throughput(double records, Duration elapsed, Cpu cpu) {

  public double perSecond() {
    return records * 1e9 / Math.max(1, elapsed.toNanos());
  }

  /** Seconds of CPU time for a million records. */
  public double perMillion(Duration used) {
    return used.toMillis() * 1e3 / Math.max(1, records);
  }

  public double cpuPerMillion() {
    return perMillion(cpu.total());
  }
}
