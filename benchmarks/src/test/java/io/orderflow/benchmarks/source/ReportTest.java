package io.orderflow.benchmarks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.benchmarks.measure.Cpu;
import io.orderflow.benchmarks.measure.Result;
import io.orderflow.benchmarks.measure.Target;
import io.orderflow.benchmarks.measure.Throughput;
import io.orderflow.benchmarks.source.LatencyResult.Latency;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class ReportTest {

  @Test
  void bestSnapshotOfEachSideCountsAndTheLeastCpu() {
    // Given
    List<Result> snapshots =
        List.of(
            result("snapshot", "orderflow-query", 1, 30_000, 20),
            result("snapshot", "orderflow-query", 2, 60_000, 30),
            result("snapshot", "debezium", 1, 8_000, 150),
            result("snapshot", "debezium", 1, 10_000, 140),
            result("snapshot", "debezium-orders-alone", 1, 40_000, 10));

    // When
    List<Target> targets = new Report(List.of(), snapshots, List.of()).targets();

    // Then
    assertEquals(6.0, targets.get(0).seen().orElseThrow(), 1e-9);
    assertEquals("met", targets.get(0).verdict());
    assertEquals("not measured", targets.get(1).verdict());
    assertEquals(7.0, targets.get(2).seen().orElseThrow(), 1e-9);
  }

  @Test
  void catchUpIsComparedWithDebezium() {
    // Given
    List<Result> results =
        List.of(
            result("catch-up", "orderflow-log", 1, 16_300, 20),
            result("catch-up", "debezium", 1, 3_260, 100),
            result("snapshot", "debezium", 1, 90_000, 100));

    // When
    Report report = new Report(List.of(), results, List.of());

    // Then
    Target target = named(report.targets(), "catch-up, log: against Debezium's best");
    assertEquals(5.0, target.seen().orElseThrow(), 1e-9);
    assertEquals("met", target.verdict());
    assertTrue(report.text().contains("| catch-up "), report.text());
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
    List<Target> targets = new Report(List.of(), List.of(), latencies).targets();

    // Then
    Target half = named(targets, "latency at 500/s, log: p50 of Debezium's best, against ours");
    assertEquals(2.5, half.seen().orElseThrow(), 0.01);
    assertEquals("met", half.verdict());
    assertEquals("missed", named(targets, "latency at 500/s, query: p50, ms").verdict());
    Target bare = named(targets, "latency at 500/s, log: p50 against the bare program's");
    assertEquals("not measured", bare.verdict());
  }

  @Test
  void rowOfALatencyHasPercentilesAndCpuOfAMinute() {
    // Given
    Histogram micros = new Histogram(3);
    for (int millis = 1; millis <= 2_000; millis++) {
      micros.recordValue(millis * 1_000L);
    }
    Cpu cpu = new Cpu(Duration.ofSeconds(15), Duration.ofSeconds(2), Duration.ofMillis(11_500));
    Latency latency = new Latency(micros, 500, Duration.ofSeconds(20), cpu);

    // When
    List<String> row = new LatencyResult("bare", "bare program", 500, latency, null).row();

    // Then
    assertEquals(List.of("bare program", "500", "500"), row.subList(0, 3));
    assertEquals(1_000, Double.parseDouble(row.get(3)), 1);
    assertEquals(1_980, Double.parseDouble(row.get(4)), 1);
    assertEquals(1_998, Double.parseDouble(row.get(5)), 1);
    assertEquals(2_000, Double.parseDouble(row.get(6)), 1);
    assertEquals(List.of("45.0", "6.0", "34.5"), row.subList(7, 10));
  }

  @Test
  void reportSaysWhyARunFailed() {
    // Given
    Result failed = new Result("snapshot", "no-op", "no-op source", 1, null, "it is gone");
    List<Result> results = List.of(failed, result("snapshot", "bare", 1, 12_345, 10));

    // When
    Report report = new Report(List.of(), results, List.of());

    // Then
    assertTrue(report.failed());
    assertTrue(report.text().contains("FAILED: it is gone"), report.text());
    assertTrue(report.text().contains("12,345"), report.text());
  }

  private static Target named(List<Target> targets, String what) {
    return targets.stream().filter(each -> each.what().equals(what)).findFirst().orElseThrow();
  }

  private static Result result(
      String workload, String kind, int tasks, int ordersPerSecond, int cpuPerMillion) {
    Duration used = Duration.ofMillis(cpuPerMillion * (long) ordersPerSecond / 1_000);
    Cpu cpu = new Cpu(used, Duration.ZERO, Duration.ZERO);
    Throughput throughput = new Throughput(ordersPerSecond, Duration.ofSeconds(1), cpu);
    return new Result(workload, kind, kind, tasks, throughput, null);
  }

  private static LatencyResult latency(String kind, int rate, long millis) {
    Histogram micros = new Histogram(3);
    micros.recordValue(millis * 1_000);
    Cpu cpu = new Cpu(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    Latency latency = new Latency(micros, rate, Duration.ofSeconds(1), cpu);
    return new LatencyResult(kind, kind, rate, latency, null);
  }
}
