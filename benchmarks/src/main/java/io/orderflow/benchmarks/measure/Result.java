package io.orderflow.benchmarks.measure;

import static io.orderflow.benchmarks.measure.MarkdownTable.number;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table of throughputs.
 *
 * @param kind the contestant as the options name it
 * @param contestant the contestant as the table names it
 * @param throughput null if the run failed
 * @param problem why it failed, else null
 */
public record Result(
    String workload,
    String kind,
    String contestant,
    int tasks,
    @Nullable Throughput throughput,
    @Nullable String problem) {

  /** The columns from CPU time on. */
  public static final List<String> CPU_COLUMNS =
      List.of("CPU s/million", "worker or program", "PostgreSQL", "broker");

  /** The first line of a failure's message. */
  public static String problem(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("failed");
  }

  public boolean failed() {
    return throughput == null;
  }

  /** A figure of those results of one kind that did not fail. */
  public static DoubleStream of(
      List<Result> results, String workload, String kind, ToDoubleFunction<Throughput> figure) {
    return results.stream()
        .filter(result -> result.workload.equals(workload) && result.kind.equals(kind))
        .flatMap(result -> Stream.ofNullable(result.throughput))
        .mapToDouble(figure);
  }

  /**
   * The cells of the table.
   *
   * @param before the cells before records a second
   * @param between the cells between seconds and CPU time
   */
  public List<String> row(List<String> before, List<String> between) {
    List<String> cells = new ArrayList<>(before);
    if (throughput == null) {
      cells.add("FAILED: " + problem);
      return cells;
    }
    cells.add(number("%,.0f", throughput.perSecond()));
    cells.add(number("%.1f", throughput.elapsed().toMillis() / 1e3));
    cells.addAll(between);
    cells.add(number("%.1f", throughput.cpuPerMillion()));
    cells.add(number("%.1f", throughput.perMillion(throughput.cpu().contestant())));
    cells.add(number("%.1f", throughput.perMillion(throughput.cpu().postgres())));
    cells.add(number("%.1f", throughput.perMillion(throughput.cpu().broker())));
    return cells;
  }

  /** A line for the console while the benchmark runs. */
  @Override
  public String toString() {
    return "%s: %s, %d: ".formatted(workload, contestant, tasks)
        + (throughput == null
            ? problem
            : number("%,.0f/s, ", throughput.perSecond())
                + number("%.1f CPU s/million", throughput.cpuPerMillion()));
  }
}
