package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.measure.Running;
import java.util.List;
import java.util.function.Function;

/**
 * One way to bring a shop's orders into Kafka.
 *
 * @param kind the name in the options; several settings of one contestant share it
 * @param name the name in the table, with the settings that distinguish it from others of its kind
 * @param maxTasks the maximum of tasks, or threads, that are measured
 * @param renew gives it a new process, in which nothing is warm
 * @param start starts it on a piece of work
 */
record Contestant(
    String kind,
    String name,
    Content.Form form,
    int maxTasks,
    Runnable renew,
    Function<Run, Running> start) {

  /**
   * A piece of work.
   *
   * @param name of this run alone; topics and connectors have it in their names
   * @param orders that are in the database, or will be
   */
  record Run(String name, String database, int orders, int tasks) {}

  /** The topics that it writes to. */
  List<String> topics(Run run) {
    String orders = run.name() + ".public.orders";
    return switch (form) {
      case WHOLE_ORDERS, COUNTED -> List.of(run.name());
      case ORDER_ROWS -> List.of(orders);
      case ROWS -> List.of(orders, run.name() + ".public.order_items");
    };
  }

  /** The expected content of its topics. */
  Content content(int orders) {
    return new Content(form, orders);
  }

  /** The number of records of one order. */
  int recordsOf(long order) {
    return form.recordsOf(order);
  }

  /** Whether it needs the change tracking of the shipped SQL. */
  boolean needsTracking() {
    return kind.equals(Contestants.QUERY);
  }

  List<Integer> tasks(List<Integer> asked) {
    return maxTasks == 1 ? List.of(1) : asked.stream().filter(tasks -> tasks <= maxTasks).toList();
  }
}
