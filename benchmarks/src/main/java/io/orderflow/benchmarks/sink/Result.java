package io.orderflow.benchmarks.sink;

import org.jspecify.annotations.Nullable;

/**
 * A row of the table.
 *
 * @param pass null if there is none
 * @param problem why there is none, else null
 */
record Result(
    String workload,
    String kind,
    String contestant,
    int tasks,
    @Nullable Pass pass,
    @Nullable String problem) {

  static Result of(Contestant contestant, Run run, String workload, Pass pass) {
    return new Result(workload, contestant.kind(), contestant.name(), run.tasks(), pass, null);
  }

  static Result failed(Contestant contestant, Run run, String problem) {
    return new Result(
        run.workload().name(),
        contestant.kind(),
        contestant.name(),
        run.tasks(),
        null,
        problem.lines().findFirst().orElse("failed"));
  }

  /** 0 where there is no pass. */
  double recordsPerSecond() {
    return pass == null ? 0 : pass.recordsPerSecond();
  }
}
