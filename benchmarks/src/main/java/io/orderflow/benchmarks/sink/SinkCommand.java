package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Databases;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.Connectors;
import io.orderflow.benchmarks.measure.Following;
import io.orderflow.benchmarks.measure.Programs;
import io.orderflow.benchmarks.measure.Result;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.StackBuilder;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run.sh sink}. */
@Command(
    name = "sink",
    mixinStandardHelpOptions = true,
    description = "The sink against other sinks and against programs without Connect.")
public final class SinkCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  private static final int QUICK_COUNT = 100_000;

  private static final Set<String> WORKLOADS =
      Set.of(
          Payments.NAME,
          Triggered.PAYMENTS,
          Orders.NAME,
          Triggered.ORDERS,
          Orders.FLASH_SALE,
          Orders.FRACTIONS,
          Orders.AT_LOCATIONS);

  @Option(
      names = "--count",
      description = "records of each workload (default: 1000000, quick: 100000)")
  private int count;

  @Option(
      names = "--tasks",
      split = ",",
      description = "numbers of tasks to measure (default: 1,2,4)")
  private List<Integer> tasks = List.of(1, 2, 4);

  @Option(names = "--quick", description = "the whole table in a few minutes, roughly measured")
  private boolean quick;

  @Option(
      names = "--workload",
      split = ",",
      description =
          "payments, orders, flash-sale, fractions, locations, payments-triggers, orders-triggers (default: all)")
  private Set<String> workloads = WORKLOADS;

  @Option(
      names = "--contestant",
      split = ",",
      description = "orderflow, debezium, other, no-op, bare-copy, hand-written (default: all)")
  private Set<String> contestants = Set.of();

  @Option(
      names = "--debezium-batch",
      split = ",",
      description = "its batch sizes (default: 2000,5000,10000, quick: 5000)")
  private List<Integer> debeziumBatches = List.of();

  @Override
  public Integer call() throws Exception {
    CommandSpec command = Objects.requireNonNull(spec);
    Benchmarks.requireKnown(command, "--workload", workloads, WORKLOADS);
    Benchmarks.requireKnown(command, "--contestant", contestants, Contestants.KINDS);
    StackBuilder builder =
        Benchmarks.stack()
            .pluginFolder(Benchmarks.root().resolve("benchmarks/target/plugins"))
            // The progress of a sink is measured by its committed offsets.
            .workerSetting("offset.flush.interval.ms", "100");
    Contestants.addOtherSinks(builder);
    try (LocalStack stack = builder.start();
        Programs programs = new Programs(stack.logs())) {
      Topics topics = new Topics(stack.kafka().bootstrapServers());
      Databases databases = new Databases(stack.postgres());
      List<Result> results =
          new SinkBenchmark(topics, databases, new Following(stack), plan())
              .run(workloads(), contestants(new Contestants(connectors(stack), programs)));
      Report report = new Report(conditions(databases), results);
      System.out.println(report.text());
      Files.writeString(Benchmarks.root().resolve("benchmarks/target/sink.md"), report.text());
      boolean failed = results.stream().anyMatch(Result::failed);
      if (failed) {
        stack.keepLogs();
        System.err.println("Logs: " + stack.logs());
      }
      return failed ? 1 : 0;
    }
  }

  private static Connectors connectors(LocalStack stack) {
    return new Connectors(stack, Map.of());
  }

  private int count() {
    if (count > 0) {
      return count;
    }
    return quick ? QUICK_COUNT : 1_000_000;
  }

  private SinkBenchmark.Plan plan() {
    return new SinkBenchmark.Plan(tasks, count() / 2, !quick);
  }

  private List<Workload> workloads() {
    return Stream.<Workload>of(
            new Payments("payment-updates", count()),
            new Triggered(new Payments("triggered-payment-updates", count())),
            new Orders(Orders.NAME, "orders", count()),
            new Triggered(new Orders(Orders.NAME, "triggered-orders", count())),
            new Orders(Orders.FRACTIONS, "fraction-orders", count()),
            new Orders(Orders.AT_LOCATIONS, "orders-at-locations", count()),
            new Orders(Orders.FLASH_SALE, "flash-sale-orders", count()))
        .filter(workload -> workloads.contains(workload.name()))
        .toList();
  }

  private List<Contestant> contestants(Contestants known) {
    return known.all(debeziumBatches()).stream()
        .filter(each -> contestants.isEmpty() || contestants.contains(each.kind()))
        .toList();
  }

  private List<Integer> debeziumBatches() {
    if (!debeziumBatches.isEmpty()) {
      return debeziumBatches;
    }
    return quick ? List.of(5_000) : List.of(2_000, 5_000, 10_000);
  }

  private List<String> conditions(Databases databases) throws SQLException {
    return List.of(
        "%d processors, Java %s, PostgreSQL %s; %,d records of each workload, topics of %d partitions"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                databases.version(),
                count(),
                Topics.PARTITIONS),
        quick
            ? "One worker for all, each contestant warmed up: roughly measured"
            : "A new process for each contestant and workload, warmed up by half of the records");
  }
}
