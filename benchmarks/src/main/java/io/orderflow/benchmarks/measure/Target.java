package io.orderflow.benchmarks.measure;

import static io.orderflow.benchmarks.measure.MarkdownTable.number;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A goal for figures of one run.
 *
 * @param bound whether the wanted figure is a minimum or a maximum
 * @param seen empty if a part of it was not measured
 */
public record Target(String what, Bound bound, double wanted, OptionalDouble seen) {

  public static final List<String> COLUMNS = List.of("target", "wanted", "seen", "");

  /** How the wanted figure is meant. */
  public enum Bound {
    AT_LEAST,
    AT_MOST
  }

  public static Target atLeast(String what, double wanted, OptionalDouble seen) {
    return new Target(what, Bound.AT_LEAST, wanted, seen);
  }

  public static Target atMost(String what, double wanted, OptionalDouble seen) {
    return new Target(what, Bound.AT_MOST, wanted, seen);
  }

  public static OptionalDouble ratio(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(one.getAsDouble() / other.getAsDouble())
        : OptionalDouble.empty();
  }

  /** met, missed, or not measured. */
  public String verdict() {
    if (seen.isEmpty()) {
      return "not measured";
    }
    double figure = seen.getAsDouble();
    return (bound == Bound.AT_LEAST ? figure >= wanted : figure <= wanted) ? "met" : "missed";
  }

  /** The targets as a table. */
  public static MarkdownTable table(List<Target> targets) {
    return new MarkdownTable(COLUMNS, targets.stream().map(Target::row).toList());
  }

  private List<String> row() {
    return List.of(
        what,
        (bound == Bound.AT_LEAST ? "at least " : "at most ") + number("%.2f", wanted),
        seen.isPresent() ? number("%.2f", seen.getAsDouble()) : "",
        verdict());
  }
}
