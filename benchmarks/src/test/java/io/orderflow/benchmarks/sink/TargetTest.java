package io.orderflow.benchmarks.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TargetTest {

  private static final Target TWICE =
      new Target("twice", 2, new Side("w", "ours", 2), new Side("w", "theirs", Side.ANY));

  @Test
  void bestOfTheOtherSideCounts() {
    // Given
    List<Result> results =
        List.of(result("ours", 2, 300), result("theirs", 1, 100), result("theirs", 4, 150));

    // When
    double seen = TWICE.seen(results).orElseThrow();

    // Then
    assertEquals(2.0, seen, 1e-9);
    assertEquals("met", TWICE.verdict(results));
  }

  @Test
  void otherNumbersOfTasksAndOtherWorkloadsDoNotCount() {
    // Given
    Result otherWorkload = new Result("other", "ours", "ours", 2, pass(900), null);
    List<Result> results =
        List.of(
            result("ours", 4, 900), otherWorkload, result("ours", 2, 90), result("theirs", 2, 90));

    // When
    double seen = TWICE.seen(results).orElseThrow();

    // Then
    assertEquals(1.0, seen, 1e-9);
    assertEquals("missed", TWICE.verdict(results));
  }

  @Test
  void failedRunIsNotMeasured() {
    // Given
    Result failed = new Result("w", "theirs", "theirs", 2, null, "it is gone");
    List<Result> results = List.of(result("ours", 2, 300), failed);

    // When
    String verdict = TWICE.verdict(results);

    // Then
    assertEquals("not measured", verdict);
  }

  @Test
  void replayIsComparedWithTheFirstPassOfAsManyTasks() {
    // Given
    Result replay =
        new Result(Side.replayOf("payments"), "orderflow", "orderflow", 2, pass(1), null);

    // When
    Side peer = Side.peerOf(replay);

    // Then
    assertEquals(new Side("payments", "orderflow", 2), peer);
  }

  @Test
  void reportSaysWhyARunFailed() {
    // Given
    Result failed = new Result("w", "theirs", "theirs", 2, null, "it is gone");

    // When
    String text = new Report(List.of(), List.of(failed, result("ours", 1, 12_345))).text();

    // Then
    assertTrue(text.contains("FAILED: it is gone"), text);
    assertTrue(text.contains("12,345"), text);
  }

  private static Result result(String kind, int tasks, int recordsPerSecond) {
    return new Result("w", kind, kind, tasks, pass(recordsPerSecond), null);
  }

  private static Pass pass(int recordsPerSecond) {
    return new Pass(recordsPerSecond, Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO);
  }
}
