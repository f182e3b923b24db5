package io.orderflow.benchmarks.sink;

import static io.orderflow.benchmarks.measure.MarkdownTable.number;
import static io.orderflow.benchmarks.measure.Target.atLeast;
import static io.orderflow.benchmarks.measure.Target.ratio;

import io.orderflow.benchmarks.measure.MarkdownTable;
import io.orderflow.benchmarks.measure.Result;
import io.orderflow.benchmarks.measure.Target;
import io.orderflow.benchmarks.measure.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The table and the targets, as Markdown. */
record Report(List<String> conditions, List<Result> results) {

  private static final String REPLAY = ", replayed";
  private static final int ANY = 0;

  /**
   * One side of a ratio; the best of its results counts.
   *
   * @param tasks 0 for any number
   */
  record Side(String workload, String kind, int tasks) {

    String label() {
      return tasks == ANY ? kind + ", best" : kind + ", " + tasks;
    }
  }

  /** The name of a workload's second pass. */
  static String replayOf(String workload) {
    return workload + REPLAY;
  }

  String text() {
    List<String> head =
        new ArrayList<>(
            List.of(
                "workload", "contestant", "tasks", "records/s", "seconds", "of its peer", "peer"));
    head.addAll(Result.CPU_COLUMNS);
    return String.join("\n", conditions)
        + "\n\n"
        + new MarkdownTable(head, results.stream().map(this::row).toList()).text()
        + '\n'
        + Target.table(targets()).text();
  }

  private List<String> row(Result result) {
    Side peer = peerOf(result);
    OptionalDouble best = best(peer);
    Throughput throughput = result.throughput();
    return result.row(
        List.of(result.workload(), result.contestant(), Integer.toString(result.tasks())),
        throughput == null || best.isEmpty()
            ? List.of("", "")
            : List.of(number("%.2f", throughput.perSecond() / best.getAsDouble()), peer.label()));
  }

  /**
   * The side that a result is compared with in its row: the limit, the first pass, the same without
   * triggers, or orders without fractions and locations.
   */
  static Side peerOf(Result result) {
    String workload = result.workload();
    if (workload.endsWith(REPLAY)) {
      String first = workload.substring(0, workload.length() - REPLAY.length());
      return new Side(first, result.kind(), result.tasks());
    }
    if (Triggered.is(workload)) {
      return new Side(Triggered.withoutTriggers(workload), result.kind(), result.tasks());
    }
    if (workload.equals(Orders.FRACTIONS) || workload.equals(Orders.AT_LOCATIONS)) {
      return orderflow(Orders.NAME, result.tasks());
    }
    boolean payments = workload.equals(Payments.NAME);
    return new Side(workload, payments ? Contestants.BARE_COPY : Contestants.HAND_WRITTEN, 2);
  }

  /** Records a second; empty if it was not measured. */
  OptionalDouble best(Side side) {
    List<Result> some =
        results.stream()
            .filter(result -> side.tasks == ANY || result.tasks() == side.tasks)
            .toList();
    return Result.of(some, side.workload, side.kind, Throughput::perSecond).max();
  }

  List<Target> targets() {
    List<Target> targets = new ArrayList<>(ofPayments());
    targets.addAll(ofOrders());
    return targets;
  }

  private List<Target> ofPayments() {
    Side payments = orderflow(Payments.NAME, 2);
    return List.of(
        target(
            "payments: 2 tasks against Debezium's best",
            2.5,
            payments,
            new Side(Payments.NAME, Contestants.DEBEZIUM, ANY)),
        target(
            "payments: 2 tasks against the best other sink",
            1.6,
            payments,
            new Side(Payments.NAME, Contestants.OTHER, ANY)),
        target(
            "payments: 2 tasks against the bare consumer with COPY, 2 threads",
            0.75,
            payments,
            new Side(Payments.NAME, Contestants.BARE_COPY, 2)),
        target(
            "payments: with a trigger before each row against without, 2 tasks",
            0.5,
            orderflow(Triggered.PAYMENTS, 2),
            payments),
        target(
            "payments: replay against first pass, 2 tasks",
            1.0,
            orderflow(replayOf(Payments.NAME), 2),
            payments));
  }

  private List<Target> ofOrders() {
    Side orders = orderflow(Orders.NAME, 2);
    return List.of(
        target(
            "orders: 2 tasks against the hand-written program, 2 threads",
            0.65,
            orders,
            new Side(Orders.NAME, Contestants.HAND_WRITTEN, 2)),
        target(
            "flash sale: 4 tasks against 1 task",
            1.2,
            orderflow(Orders.FLASH_SALE, 4),
            orderflow(Orders.FLASH_SALE, 1)),
        target(
            "orders: with fractions and shipped quantities against without, 2 tasks",
            0.85,
            orderflow(Orders.FRACTIONS, 2),
            orders),
        target(
            "orders: at 50 locations against without, 2 tasks",
            0.9,
            orderflow(Orders.AT_LOCATIONS, 2),
            orders),
        target(
            "orders: with a trigger before each row against without, 2 tasks",
            0.5,
            orderflow(Triggered.ORDERS, 2),
            orders),
        target(
            "orders: replay against first pass, 2 tasks",
            1.0,
            orderflow(replayOf(Orders.NAME), 2),
            orders));
  }

  private static Side orderflow(String workload, int tasks) {
    return new Side(workload, Contestants.ORDERFLOW, tasks);
  }

  private Target target(String what, double wanted, Side ours, Side theirs) {
    return atLeast(what, wanted, ratio(best(ours), best(theirs)));
  }
}
