package io.orderflow.benchmarks.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    append(text, COLUMNS, results.stream().map(this::row).toList());
    text.append('\n');
    append(
        text, List.of("target", "wanted", "seen", ""), Target.ALL.stream().map(this::row).toList());
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

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static void append(StringBuilder text, List<String> head, List<List<String>> rows) {
    int[] widths = new int[head.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          rows.stream()
              // A failure's text ends its row, and widens nothing.
              .filter(row -> row.size() == head.size())
              .mapToInt(row -> row.get(column).length())
              .reduce(head.get(i).length(), Math::max);
    }
    line(text, head, widths);
    line(text, java.util.Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
    rows.forEach(row -> line(text, row, widths));
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    text.append('|');
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      text.append(' ').append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length())));
      text.append(" |");
    }
    text.append('\n');
  }
}
