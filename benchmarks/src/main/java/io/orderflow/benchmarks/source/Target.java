package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.measure.MarkdownTable.number;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What is wanted of figures of one run.
 *
 * @param least whether it is the least that will do, or the most
 * @param seen empty if something of it was not measured
 */
record Target(String what, double wanted, boolean least, OptionalDouble seen) {

  static List<Target> of(List<LoadResult> loads, List<LatencyResult> latencies) {
    List<Target> targets = new ArrayList<>();
    for (String capture : List.of(Orderflow.QUERY, Orderflow.LOG)) {
      ofLoad(targets, loads, capture);
    }
    for (int rate : latencies.stream().map(LatencyResult::rate).distinct().toList()) {
      ofLatency(targets, latencies.stream().filter(each -> each.rate() == rate).toList(), rate);
    }
    return targets;
  }

  private static void ofLoad(List<Target> targets, List<LoadResult> loads, String capture) {
    String ours = Orderflow.kindOf(capture);
    OptionalDouble best = LoadResult.of(loads, ours, Load::ordersPerSecond).max();
    targets.add(
        atLeast(
            "load, " + capture + ": against Debezium's best with items",
            6,
            ratio(best, LoadResult.of(loads, Debezium.KIND, Load::ordersPerSecond).max())));
    targets.add(
        atLeast(
            "load, " + capture + ": against the no-op source, best of both",
            0.8,
            ratio(best, LoadResult.of(loads, NoOp.KIND, Load::ordersPerSecond).max())));
    targets.add(
        atLeast(
            "load, " + capture + ": CPU of Debezium with items, against ours",
            6,
            ratio(
                LoadResult.of(loads, Debezium.KIND, Load::cpuPerMillion).min(),
                LoadResult.of(loads, ours, Load::cpuPerMillion).min())));
  }

  private static void ofLatency(List<Target> targets, List<LatencyResult> results, int rate) {
    String at = "latency at " + rate + "/s, ";
    String log = Orderflow.kindOf(Orderflow.LOG);
    String query = Orderflow.kindOf(Orderflow.QUERY);
    for (Quantile quantile : List.of(Quantile.P50, Quantile.P99)) {
      OptionalDouble ours = LatencyResult.best(results, log, quantile);
      targets.add(
          atLeast(
              at + "log: " + quantile.label() + " of Debezium's best, against ours",
              quantile == Quantile.P50 ? 2 : 5,
              ratio(LatencyResult.best(results, Debezium.KIND, quantile), ours)));
      targets.add(
          atMost(
              at + "log: " + quantile.label() + " against the bare program's",
              1.5,
              ratio(ours, LatencyResult.best(results, Bare.KIND, quantile))));
      targets.add(
          atMost(
              at + "query: " + quantile.label() + ", ms",
              quantile == Quantile.P50 ? 100 : 300,
              LatencyResult.best(results, query, quantile)));
    }
  }

  private static Target atLeast(String what, double wanted, OptionalDouble seen) {
    return new Target(what, wanted, true, seen);
  }

  private static Target atMost(String what, double wanted, OptionalDouble seen) {
    return new Target(what, wanted, false, seen);
  }

  private static OptionalDouble ratio(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(one.getAsDouble() / other.getAsDouble())
        : OptionalDouble.empty();
  }

  /** met, missed, or that it was not measured. */
  String verdict() {
    if (seen.isEmpty()) {
      return "not measured";
    }
    boolean met = least ? seen.getAsDouble() >= wanted : seen.getAsDouble() <= wanted;
    return met ? "met" : "missed";
  }

  List<String> row() {
    return List.of(
        what,
        (least ? "at least " : "at most ") + number("%.1f", wanted),
        seen.isPresent() ? number("%.2f", seen.getAsDouble()) : "",
        verdict());
  }
}
