package io.orderflow.benchmarks.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.benchmarks.measure.Cpu;
import io.orderflow.benchmarks.measure.Result;
import io.orderflow.benchmarks.measure.Target;
import io.orderflow.benchmarks.measure.Throughput;
import io.orderflow.benchmarks.sink.Report.Side;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportTest {

  @Test
  void bestOfTheOtherSideCounts() {
    // Given
    List<Result> results =
        List.of(
            payments("orderflow", 2, 300),
            payments("debezium", 1, 100),
            payments("debezium", 2, 120));

    // When
    Target target = new Report(List.of(), results).targets().get(0);

    // Then
    assertEquals(2.5, target.seen().orElseThrow(), 1e-9);
    assertEquals("met", target.verdict());
  }

  @Test
  void otherNumbersOfTasksAndOtherWorkloadsDoNotCount() {
    // Given
    Result otherWorkload = new Result("orders", "orderflow", "orderflow", 2, throughput(900), null);
    List<Result> results =
        List.of(
            payments("orderflow", 4, 900),
            otherWorkload,
            payments("orderflow", 2, 90),
            payments("debezium", 2, 90));

    // When
    Target target = new Report(List.of(), results).targets().get(0);

    // Then
    assertEquals(1.0, target.seen().orElseThrow(), 1e-9);
    assertEquals("missed", target.verdict());
  }

  @Test
  void failedRunIsNotMeasured() {
    // Given
    Result failed = new Result("payments", "debezium", "Debezium", 2, null, "it is gone");

    // When
    Report report = new Report(List.of(), List.of(payments("orderflow", 2, 300), failed));

    // Then
    assertEquals("not measured", report.targets().get(0).verdict());
  }

  @Test
  void replayIsComparedWithTheFirstPassOfAsManyTasks() {
    // Given
    Result replay =
        new Result(Report.replayOf("payments"), "orderflow", "orderflow", 2, throughput(1), null);

    // When
    Side peer = Report.peerOf(replay);

    // Then
    assertEquals(new Side("payments", "orderflow", 2), peer);
  }

  @ParameterizedTest
  @CsvSource({
    "payments-triggers, bare-copy, payments",
    "orders-triggers, orderflow, orders",
    "orders-triggers, hand-written, orders"
  })
  void runWithTriggersIsComparedWithTheSameContestantWithoutThem(
      String workload, String kind, String peer) {
    // Given
    Result triggered = new Result(workload, kind, kind, 1, throughput(1), null);

    // Then
    assertEquals(new Side(peer, kind, 1), Report.peerOf(triggered));
  }

  @Test
  void reportSaysWhyARunFailed() {
    // Given
    Result failed = new Result("payments", "debezium", "Debezium", 2, null, "it is gone");

    // When
    String text = new Report(List.of(), List.of(failed, payments("orderflow", 1, 12_345))).text();

    // Then
    assertTrue(text.contains("FAILED: it is gone"), text);
    assertTrue(text.contains("12,345"), text);
  }

  private static Result payments(String kind, int tasks, int recordsPerSecond) {
    return new Result("payments", kind, kind, tasks, throughput(recordsPerSecond), null);
  }

  private static Throughput throughput(int recordsPerSecond) {
    return new Throughput(
        recordsPerSecond,
        Duration.ofSeconds(1),
        new Cpu(Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }
}
