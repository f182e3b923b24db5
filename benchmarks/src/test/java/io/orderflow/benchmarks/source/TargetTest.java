package io.orderflow.benchmarks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TargetTest {

  @Test
  void bestLoadOfEachSideCountsAndTheLeastCpu() {
    // Given
    List<LoadResult> loads =
        List.of(
            load("orderflow-query", 1, 30_000, 20),
            load("orderflow-query", 2, 60_000, 30),
            load("debezium", 1, 8_000, 150),
            load("debezium", 1, 10_000, 140),
            load("debezium-orders-alone", 1, 40_000, 10));

    // When
    List<Target> targets = Target.of(loads, List.of());

    // Then
    assertEquals(6.0, targets.get(0).seen().orElseThrow(), 1e-9);
    assertEquals("met", targets.get(0).verdict());
    assertEquals("not measured", targets.get(1).verdict());
    assertEquals(7.0, targets.get(2).seen().orElseThrow(), 1e-9);
  }

  @Test
  void latencyIsComparedAtTheSameRate() {
    // Given
    List<LatencyResult> latencies =
        List.of(
            latency("orderflow-query", 500, 101),
            latency("orderflow-log", 500, 10),
            latency("debezium", 500, 25),
            latency("debezium", 2_000, 1));

    // When
    List<Target> targets = Target.of(List.of(), latencies);

    // Then
    Target half = named(targets, "latency at 500/s, log: p50 of Debezium's best, against ours");
    assertEquals(2.5, half.seen().orElseThrow(), 1e-9);
    assertEquals("met", half.verdict());
    assertEquals("missed", named(targets, "latency at 500/s, query: p50, ms").verdict());
    Target bare = named(targets, "latency at 500/s, log: p50 against the bare program's");
    assertEquals("not measured", bare.verdict());
  }

  @Test
  void reportSaysWhyARunFailed() {
    // Given
    LoadResult failed = new LoadResult("no-op", "no-op source", 1, null, "it is gone");

    // When
    Report report = new Report(List.of(), List.of(failed, load("bare", 1, 12_345, 10)), List.of());

    // Then
    assertTrue(report.failed());
    assertTrue(report.text().contains("FAILED: it is gone"), report.text());
    assertTrue(report.text().contains("12,345"), report.text());
  }

  private static Target named(List<Target> targets, String what) {
    return targets.stream().filter(each -> each.what().equals(what)).findFirst().orElseThrow();
  }

  private static LoadResult load(String kind, int tasks, int ordersPerSecond, int cpuPerMillion) {
    Duration cpu = Duration.ofMillis(cpuPerMillion * (long) ordersPerSecond / 1_000);
    Load.Cpu used = new Load.Cpu(cpu, Duration.ZERO, Duration.ZERO);
    Load load = new Load(ordersPerSecond, Duration.ofSeconds(1), used);
    return new LoadResult(kind, kind, tasks, load, null);
  }

  private static LatencyResult latency(String kind, int rate, long millis) {
    return new LatencyResult(kind, kind, rate, Latency.of(new long[] {millis * 1_000}, rate), null);
  }
}
