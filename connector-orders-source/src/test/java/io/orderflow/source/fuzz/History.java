package io.orderflow.source.fuzz;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a shop does with its tables.
 *
 * @param before the steps before capture is installed
 * @param steps the steps while it captures
 */
record History(List<Step> before, List<Step> steps) {

  /** The kinds of steps, for the report. */
  Set<String> kinds() {
    return steps.stream().map(History::kind).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String kind(Step step) {
    if (step instanceof Step.Begin begin) {
      return "history with BEGIN " + begin.isolation();
    }
    return "history with "
        + (step instanceof Step.Sql sql
            ? sql.effect() + " " + sql.sql().split("[ ;]", 2)[0]
            : step.getClass().getSimpleName());
  }

  /** Whether a partition is attached, detached or dropped. */
  boolean changesPartitions() {
    return steps.stream()
        .anyMatch(
            step ->
                step instanceof Step.Sql sql
                    && (sql.effect() == Step.Sql.Effect.ATTACHES
                        || sql.effect() == Step.Sql.Effect.REMOVES));
  }

  History withSteps(List<Step> fewer) {
    return new History(before, List.copyOf(fewer));
  }
}
