package io.orderflow.benchmarks.sink;

import java.util.List;

/**
 * How thoroughly it is measured.
 *
 * @param tasks numbers of tasks, or threads, to measure
 * @param warmUp records of each run that does not count
 * @param renews whether each contestant gets a new process for each workload; otherwise the later
 *     ones find a worker that is warmer
 */
record Plan(List<Integer> tasks, int warmUp, boolean renews) {

  Workload warmUp(Workload workload) {
    return workload.warmUp(warmUp);
  }

  int warmUpTasks() {
    return Math.min(2, tasks.stream().mapToInt(Integer::intValue).max().orElse(2));
  }
}
