package io.orderflow.benchmarks.sink;

import static io.orderflow.benchmarks.measure.MarkdownTable.number;

import io.orderflow.benchmarks.measure.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The table and the targets, as Markdown. */
record Report(List<String> conditions, List<Result> results) {

  private static final List<String> COLUMNS =
      List.of(
          "workload",
          "contestant",
          "tasks",
          "records/s",
          "seconds",
          "of its peer",
          "peer",
          "CPU s/million, consumer",
          "CPU s/million, PostgreSQL");

  String text() {
    StringBuilder text = new StringBuilder();
    conditions.forEach(line -> text.append(line).append('\n'));
    text.append('\n');
    text.append(new MarkdownTable(COLUMNS, results.stream().map(this::row).toList()).text());
    text.append('\n');
    List<List<String>> targets = Target.ALL.stream().map(this::row).toList();
    text.append(new MarkdownTable(MarkdownTable.TARGET_COLUMNS, targets).text());
    return text.toString();
  }

  private List<String> row(Result result) {
    List<String> cells =
        new ArrayList<>(
            List.of(result.workload(), result.contestant(), Integer.toString(result.tasks())));
    Pass pass = result.pass();
    if (pass == null) {
      cells.add("FAILED: " + result.problem());
      return cells;
    }
    Side peer = Side.peerOf(result);
    cells.add(number("%,.0f", pass.recordsPerSecond()));
    cells.add(number("%.1f", pass.elapsed().toMillis() / 1e3));
    OptionalDouble best = peer.best(results);
    cells.add(best.isPresent() ? number("%.2f", pass.recordsPerSecond() / best.getAsDouble()) : "");
    cells.add(best.isPresent() ? peer.label() : "");
    cells.add(number("%.1f", pass.consumerCpuPerMillion()));
    cells.add(number("%.1f", pass.postgresCpuPerMillion()));
    return cells;
  }

  private List<String> row(Target target) {
    OptionalDouble seen = target.seen(results);
    return List.of(
        target.what(),
        number("%.2f", target.wanted()),
        seen.isPresent() ? number("%.2f", seen.getAsDouble()) : "",
        target.verdict(results));
  }
}
