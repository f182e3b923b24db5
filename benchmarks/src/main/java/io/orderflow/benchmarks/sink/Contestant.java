package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.measure.Running;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One way to bring a workload's records into PostgreSQL.
 *
 * @param kind the name in the options; several settings of one contestant share it
 * @param name the name in the table, with the settings that distinguish it from others of its kind
 * @param maxTasks the maximum of tasks, or threads, that are measured: two keep both cores busy,
 *     and only our sink must show how it scales beyond
 * @param renew gives it a new process, in which nothing is warm
 * @param start begins at offset 0 of the workload's topic
 */
record Contestant(
    String kind,
    String name,
    Predicate<Workload> takes,
    int maxTasks,
    Runnable renew,
    Function<Run, Running> start) {

  /**
   * A piece of work.
   *
   * @param database with the shipped tables
   */
  record Run(Workload workload, int tasks, String database) {}

  List<Integer> tasks(List<Integer> asked) {
    return asked.stream().filter(tasks -> tasks <= maxTasks).toList();
  }

  /** Whether there is any content to check. */
  boolean writes() {
    return !kind.equals(Contestants.NO_OP);
  }

  /** Whether this run is repeated from offset 0. */
  boolean isReplayed(Run run) {
    return kind.equals(Contestants.ORDERFLOW)
        && run.tasks() == 2
        && Set.of(Payments.NAME, Orders.NAME).contains(run.workload().name());
  }
}
