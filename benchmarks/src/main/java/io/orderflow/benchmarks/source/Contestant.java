package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.measure.AtWork;
import java.util.List;

/** One way to bring a shop's orders into Kafka. */
interface Contestant {
  /** As the options name it; several settings of one contestant share it. */
  String kind();

  /** As the table names it, with the settings that tell it from others of its kind. */
  String name();

  /** With how many tasks, or threads, its load is measured. */
  default List<Integer> tasks(List<Integer> asked) {
    return asked;
  }

  /** The topics that it writes to. */
  default List<String> topics(Run run) {
    return List.of(run.name());
  }

  /** What its topics hold after a load. */
  default Content content(int orders) {
    return Content.wholeOrders(orders);
  }

  /** Records that tell one order. */
  default int recordsOf(long order) {
    return 1;
  }

  /** Whether the shop's triggers must keep track of changes for it. */
  default boolean needsTracking() {
    return false;
  }

  /** Gives it a new process, in which nothing is warm. */
  void renew();

  AtWork start(Run run);
}
