package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.measure.MarkdownTable.number;

import io.orderflow.benchmarks.measure.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The tables and the targets, as Markdown. */
record Report(List<String> conditions, List<LoadResult> loads, List<LatencyResult> latencies) {

  private static final List<String> LOAD_COLUMNS =
      List.of(
          "load",
          "tasks",
          "orders/s",
          "seconds",
          "of the no-op's best",
          "CPU s/million",
          "worker or program",
          "PostgreSQL",
          "broker");

  private static final List<String> LATENCY_COLUMNS =
      List.of("latency, ms", "orders/s", "placed/s", "p50", "p99", "p99.9", "max");

  String text() {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append(line).append('\n'));
    OptionalDouble noOp = LoadResult.of(loads, NoOp.KIND, Load::ordersPerSecond).max();
    append(text, LOAD_COLUMNS, loads.stream().map(result -> row(result, noOp)).toList());
    append(text, LATENCY_COLUMNS, latencies.stream().map(Report::row).toList());
    List<Target> targets = Target.of(loads, latencies);
    append(text, MarkdownTable.TARGET_COLUMNS, targets.stream().map(Target::row).toList());
    return text.toString();
  }

  /** Whether a run did not end, or left the wrong content. */
  boolean failed() {
    return Stream.concat(loads.stream(), latencies.stream()).anyMatch(Outcome::failed);
  }

  private static void append(StringBuilder text, List<String> head, List<List<String>> rows) {
    if (!rows.isEmpty()) {
      text.append('\n').append(new MarkdownTable(head, rows).text());
    }
  }

  private static List<String> row(LoadResult result, OptionalDouble noOp) {
    List<String> cells = new ArrayList<>();
    cells.add(result.contestant());
    cells.add(Integer.toString(result.tasks()));
    Load load = result.load();
    if (load == null) {
      cells.add("FAILED: " + result.problem());
      return cells;
    }
    cells.add(number("%,.0f", load.ordersPerSecond()));
    cells.add(number("%.1f", load.elapsed().toMillis() / 1e3));
    cells.add(noOp.isPresent() ? number("%.2f", load.ordersPerSecond() / noOp.getAsDouble()) : "");
    cells.add(number("%.1f", load.cpuPerMillion()));
    cells.add(number("%.1f", load.perMillion(load.cpu().reader())));
    cells.add(number("%.1f", load.perMillion(load.cpu().postgres())));
    cells.add(number("%.1f", load.perMillion(load.cpu().broker())));
    return cells;
  }

  private static List<String> row(LatencyResult result) {
    List<String> cells = new ArrayList<>();
    cells.add(result.contestant());
    cells.add(Integer.toString(result.rate()));
    Latency latency = result.latency();
    if (latency == null) {
      cells.add("FAILED: " + result.problem());
      return cells;
    }
    cells.add(number("%.0f", latency.placedPerSecond()));
    for (Quantile quantile : Quantile.values()) {
      cells.add(number("%.1f", latency.millis(quantile)));
    }
    return cells;
  }
}
