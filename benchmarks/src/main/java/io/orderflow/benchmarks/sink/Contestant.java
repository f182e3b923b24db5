package io.orderflow.benchmarks.sink;

import java.util.List;

/** One way to bring a workload's records into PostgreSQL. */
interface Contestant {
  /** As the options name it; several settings of one contestant share it. */
  String kind();

  /** As the table names it, with the settings that tell it from others of its kind. */
  String name();

  boolean takes(Workload workload);

  /**
   * With how many tasks, or threads, it is measured: two keep both cores busy, and the sink alone
   * must show what more of them do.
   */
  default List<Integer> tasks(List<Integer> asked) {
    return asked.stream().filter(tasks -> tasks <= 2).toList();
  }

  /** Whether there is anything to check. */
  default boolean writes() {
    return true;
  }

  /** Whether this run is repeated from offset 0. */
  default boolean isReplayed(Run run) {
    return false;
  }

  /** Gives it a new process, in which nothing is warm. */
  void renew();

  /** Begins at offset 0 of the workload's topic. */
  Running start(Run run);
}
