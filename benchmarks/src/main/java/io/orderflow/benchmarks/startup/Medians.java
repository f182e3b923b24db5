package io.orderflow.benchmarks.startup;

import io.orderflow.benchmarks.measure.MarkdownTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Durations in milliseconds by the column of a table, each measured several times. */
final class Medians {

  private final Map<String, List<Double>> durations = new HashMap<>();

  void add(String column, double millis) {
    durations.computeIfAbsent(column, name -> new ArrayList<>()).add(millis);
  }

  double median(String column) {
    List<Double> sorted = Objects.requireNonNull(durations.get(column)).stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The medians of some columns as cells. */
  List<String> cells(List<String> columns) {
    return columns.stream().map(name -> MarkdownTable.number("%,.0f", median(name))).toList();
  }
}
