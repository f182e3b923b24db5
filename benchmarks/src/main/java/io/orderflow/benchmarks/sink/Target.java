package io.orderflow.benchmarks.sink;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A ratio of two results of the same run.
 *
 * @param wanted the least ratio that will do
 */
record Target(String what, double wanted, Side ours, Side theirs) {

  static final List<Target> ALL =
      List.of(
          new Target(
              "payments: 2 tasks against Debezium's best",
              2.5,
              orderflow(Payments.NAME, 2),
              new Side(Payments.NAME, DebeziumJdbc.KIND, Side.ANY)),
          new Target(
              "payments: 2 tasks against the best other sink",
              1.6,
              orderflow(Payments.NAME, 2),
              new Side(Payments.NAME, OtherSink.KIND, Side.ANY)),
          new Target(
              "payments: 2 tasks against the bare consumer with COPY, 2 threads",
              0.75,
              orderflow(Payments.NAME, 2),
              new Side(Payments.NAME, BareCopy.KIND, 2)),
          new Target(
              "orders: 2 tasks against the hand-written program, 2 threads",
              0.65,
              orderflow(Orders.NAME, 2),
              new Side(Orders.NAME, HandWritten.KIND, 2)),
          new Target(
              "flash sale: 4 tasks against 1 task",
              1.2,
              orderflow(FlashSale.NAME, 4),
              orderflow(FlashSale.NAME, 1)),
          new Target(
              "payments: replay against first pass, 2 tasks",
              1.0,
              orderflow(Side.replayOf(Payments.NAME), 2),
              orderflow(Payments.NAME, 2)),
          new Target(
              "orders: replay against first pass, 2 tasks",
              1.0,
              orderflow(Side.replayOf(Orders.NAME), 2),
              orderflow(Orders.NAME, 2)));

  private static Side orderflow(String workload, int tasks) {
    return new Side(workload, Orderflow.KIND, tasks);
  }

  /** Empty if one of the sides was not measured. */
  OptionalDouble seen(List<Result> results) {
    OptionalDouble one = ours.best(results);
    OptionalDouble other = theirs.best(results);
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(one.getAsDouble() / other.getAsDouble())
        : OptionalDouble.empty();
  }

  /** met, missed, or that it was not measured. */
  String verdict(List<Result> results) {
    OptionalDouble seen = seen(results);
    if (seen.isEmpty()) {
      return "not measured";
    }
    return seen.getAsDouble() >= wanted ? "met" : "missed";
  }
}
