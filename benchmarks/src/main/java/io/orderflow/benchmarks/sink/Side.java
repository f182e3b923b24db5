package io.orderflow.benchmarks.sink;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Results that one side of a ratio stands for, of which the best counts.
 *
 * @param tasks 0 for any number
 */
record Side(String workload, String kind, int tasks) {

  static final int ANY = 0;

  private static final String REPLAY = ", replayed";

  /** How the table names a workload's second pass. */
  static String replayOf(String workload) {
    return workload + REPLAY;
  }

  /** What a result is compared with in its row: the limit, or the first pass. */
  static Side peerOf(Result result) {
    String workload = result.workload();
    if (workload.endsWith(REPLAY)) {
      String first = workload.substring(0, workload.length() - REPLAY.length());
      return new Side(first, result.kind(), result.tasks());
    }
    String limit = workload.equals(Payments.NAME) ? BareCopy.KIND : HandWritten.KIND;
    return new Side(workload, limit, 2);
  }

  /** Records per second; empty if it was not measured. */
  OptionalDouble best(List<Result> results) {
    return results.stream()
        .filter(result -> result.pass() != null)
        .filter(result -> result.workload().equals(workload) && result.kind().equals(kind))
        .filter(result -> tasks == ANY || result.tasks() == tasks)
        .mapToDouble(Result::recordsPerSecond)
        .max();
  }

  String label() {
    return tasks == ANY ? kind + ", best" : kind + ", " + tasks;
  }
}
