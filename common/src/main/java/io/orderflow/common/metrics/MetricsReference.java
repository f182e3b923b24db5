package io.orderflow.common.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Generates the reference page of the metrics from those that a task registers. */
public final class MetricsReference {

  private MetricsReference() {}

  /** A Markdown table with a row for each metric, in the order of registration. */
  static String table(TaskMetrics metrics) {
    Map<Metric, Map<String, Set<String>>> rows = new LinkedHashMap<>();
    for (TaskMetrics.Registered registered : metrics.registered()) {
      Map<String, Set<String>> tags =
          rows.computeIfAbsent(registered.metric(), metric -> new TreeMap<>());
      registered
          .tags()
          .forEach((tag, value) -> tags.computeIfAbsent(tag, t -> new TreeSet<>()).add(value));
    }
    StringBuilder table = new StringBuilder("| metric | kind | unit | tags | description |\n");
    table.append("|---|---|---|---|---|\n");
    rows.forEach((metric, tags) -> table.append(row(metric, tags)));
    return table.toString();
  }

  private static String row(Metric metric, Map<String, Set<String>> tags) {
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(
            metric.name(), metric.kind().label(), metric.unit(), text(tags), metric.description());
  }

  private static String text(Map<String, Set<String>> tags) {
    return tags.entrySet().stream()
        .map(tag -> "`%s`: %s".formatted(tag.getKey(), String.join(", ", tag.getValue())))
        .collect(Collectors.joining("; "));
  }

  /**
   * Replaces the part of one plugin in a page.
   *
   * @param page with the lines {@code <!-- PLUGIN -->} and {@code <!-- /PLUGIN -->}
   */
  public static String page(String page, String plugin, TaskMetrics metrics) {
    String begin = "<!-- " + plugin + " -->\n";
    String end = "<!-- /" + plugin + " -->\n";
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "the page lacks the lines " + begin + end + "add them where the table belongs");
    }
    return page.substring(0, from) + begin + part(plugin, metrics) + page.substring(to);
  }

  private static String part(String plugin, TaskMetrics metrics) {
    return """

        | Connect | MBeans of a task, followed by the tags |
        |---|---|
        | 4.1 and later | `kafka.connect:type=plugins,connector=NAME,task=N,plugin=%1$s` |
        | 3.9, 4.0 | `io.orderflow:type=%1$s,connector=NAME,task=N` |

        %2$s
        """
        .formatted(plugin, table(metrics));
  }
}
