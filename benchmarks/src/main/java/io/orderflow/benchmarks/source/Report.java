package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.measure.MarkdownTable.number;
import static io.orderflow.benchmarks.measure.Target.atLeast;
import static io.orderflow.benchmarks.measure.Target.atMost;
import static io.orderflow.benchmarks.measure.Target.ratio;
import static io.orderflow.benchmarks.source.ThroughputBenchmark.CATCH_UP;
import static io.orderflow.benchmarks.source.ThroughputBenchmark.SNAPSHOT;

import io.orderflow.benchmarks.measure.MarkdownTable;
import io.orderflow.benchmarks.measure.Result;
import io.orderflow.benchmarks.measure.Target;
import io.orderflow.benchmarks.measure.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The tables and the targets, as Markdown. */
record Report(List<String> conditions, List<Result> throughputs, List<LatencyResult> latencies) {

  String text() {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append(line).append('\n'));
    append(text, throughputs(SNAPSHOT, Contestants.NO_OP, "of the no-op's best"));
    append(text, throughputs(CATCH_UP, Contestants.DEBEZIUM, "of Debezium's best"));
    append(
        text,
        new MarkdownTable(
            LatencyResult.COLUMNS, latencies.stream().map(LatencyResult::row).toList()));
    append(text, Target.table(targets()));
    return text.toString();
  }

  /** Whether a run did not end, or left wrong content. */
  boolean failed() {
    return throughputs.stream().anyMatch(Result::failed)
        || latencies.stream().anyMatch(LatencyResult::failed);
  }

  private static void append(StringBuilder text, MarkdownTable table) {
    if (!table.rows().isEmpty()) {
      text.append('\n').append(table.text());
    }
  }

  private MarkdownTable throughputs(String workload, String peer, String ofPeer) {
    List<String> head = new ArrayList<>(List.of(workload, "tasks", "orders/s", "seconds", ofPeer));
    head.addAll(Result.CPU_COLUMNS);
    OptionalDouble best = best(workload, peer);
    return new MarkdownTable(
        head,
        throughputs.stream()
            .filter(result -> result.workload().equals(workload))
            .map(
                result ->
                    result.row(
                        List.of(result.contestant(), Integer.toString(result.tasks())),
                        List.of(share(result, best))))
            .toList());
  }

  private static String share(Result result, OptionalDouble best) {
    Throughput throughput = result.throughput();
    return throughput == null || best.isEmpty()
        ? ""
        : number("%.2f", throughput.perSecond() / best.getAsDouble());
  }

  /** Orders a second. */
  private OptionalDouble best(String workload, String kind) {
    return Result.of(throughputs, workload, kind, Throughput::perSecond).max();
  }

  private OptionalDouble leastCpu(String kind) {
    return Result.of(throughputs, SNAPSHOT, kind, Throughput::cpuPerMillion).min();
  }

  List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    if (has(SNAPSHOT)) {
      ofSnapshot(targets, Contestants.QUERY, "snapshot, query: ");
      ofSnapshot(targets, Contestants.LOG, "snapshot, log: ");
    }
    if (has(CATCH_UP)) {
      targets.add(
          atLeast(
              "catch-up, log: against Debezium's best",
              5,
              ratio(best(CATCH_UP, Contestants.LOG), best(CATCH_UP, Contestants.DEBEZIUM))));
    }
    for (int rate : latencies.stream().map(LatencyResult::rate).distinct().toList()) {
      ofLatency(targets, latencies.stream().filter(each -> each.rate() == rate).toList(), rate);
    }
    return targets;
  }

  private boolean has(String workload) {
    return throughputs.stream().anyMatch(result -> result.workload().equals(workload));
  }

  private void ofSnapshot(List<Target> targets, String ours, String what) {
    OptionalDouble best = best(SNAPSHOT, ours);
    targets.add(
        atLeast(
            what + "against Debezium's best with items",
            6,
            ratio(best, best(SNAPSHOT, Contestants.DEBEZIUM))));
    targets.add(
        atLeast(
            what + "against the no-op source, best of both",
            0.8,
            ratio(best, best(SNAPSHOT, Contestants.NO_OP))));
    targets.add(
        atLeast(
            what + "CPU of Debezium with items, against ours",
            6,
            ratio(leastCpu(Contestants.DEBEZIUM), leastCpu(ours))));
  }

  private static void ofLatency(List<Target> targets, List<LatencyResult> results, int rate) {
    String at = "latency at " + rate + "/s, ";
    for (int percentile : List.of(50, 99)) {
      String label = "p" + percentile;
      OptionalDouble ours = LatencyResult.best(results, Contestants.LOG, percentile);
      targets.add(
          atLeast(
              at + "log: " + label + " of Debezium's best, against ours",
              percentile == 50 ? 2 : 5,
              ratio(LatencyResult.best(results, Contestants.DEBEZIUM, percentile), ours)));
      targets.add(
          atMost(
              at + "log: " + label + " against the bare program's",
              1.5,
              ratio(ours, LatencyResult.best(results, Contestants.BARE, percentile))));
      targets.add(
          atMost(
              at + "query: " + label + ", ms",
              percentile == 50 ? 100 : 300,
              LatencyResult.best(results, Contestants.QUERY, percentile)));
    }
  }
}
