package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.source.ThroughputBenchmark.CATCH_UP;
import static io.orderflow.benchmarks.source.ThroughputBenchmark.SNAPSHOT;

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
import java.util.ArrayList;
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

/** {@code run.sh source}. */
@Command(
    name = "source",
    mixinStandardHelpOptions = true,
    description = "The source against Debezium, Connect itself, and programs without Connect.")
public final class SourceCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  private static final String LATENCY = "latency";
  private static final int SNAPSHOT_ORDERS = 1_000_000;
  private static final int CATCH_UP_ORDERS = 200_000;

  @Option(
      names = "--workload",
      split = ",",
      description =
          "snapshot: orders that exist when capture begins; catch-up: orders that were committed"
              + " while the connector was stopped; latency: new orders (default: all)")
  private Set<String> workloads = Set.of(SNAPSHOT, CATCH_UP, LATENCY);

  @Option(
      names = "--contestant",
      split = ",",
      description =
          "orderflow-query, orderflow-log, debezium, debezium-orders-alone, no-op, bare"
              + " (default: all)")
  private Set<String> contestants = Set.of();

  @Option(
      names = "--count",
      description =
          "orders of the snapshot (default: 1000000, quick: 100000) and of the catch-up"
              + " (default: 200000, quick: 20000)")
  private int count;

  @Option(
      names = "--tasks",
      split = ",",
      description = "numbers of tasks of the snapshot (default: 1,2,4; quick: 1,2)")
  private List<Integer> tasks = List.of();

  @Option(
      names = "--rate",
      split = ",",
      description = "orders placed in a second (default: 500,2000)")
  private List<Integer> rates = List.of(500, 2_000);

  @Option(
      names = "--seconds",
      description = "how long orders are placed at each rate (default: 20, quick: 5)")
  private int seconds;

  @Option(names = "--quick", description = "all tables in a few minutes, roughly measured")
  private boolean quick;

  @Option(
      names = "--set",
      description = "a setting of every connector, as in --set producer.override.linger.ms=5")
  private Map<String, String> settings = Map.of();

  @Option(names = "--set-worker", description = "a setting of the worker")
  private Map<String, String> workerSettings = Map.of();

  @Option(
      names = "--worker-jvm",
      description = "an option of the worker's JVM, as in --worker-jvm=-XX:StartFlightRecording")
  private List<String> workerJvm = List.of();

  private final List<Result> throughputs = new ArrayList<>();
  private final List<LatencyResult> latencies = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    CommandSpec command = Objects.requireNonNull(spec);
    Benchmarks.requireKnown(command, "--workload", workloads, Set.of(SNAPSHOT, CATCH_UP, LATENCY));
    Benchmarks.requireKnown(command, "--contestant", contestants, Contestants.KINDS);
    if (workloads.contains(SNAPSHOT) || workloads.contains(CATCH_UP)) {
      on(builder(), this::measureThroughput);
    }
    if (workloads.contains(LATENCY)) {
      // Commit timestamps are the start of each latency; most shops have none, so snapshots do not.
      StackBuilder builder =
          builder().postgresSetting("track_commit_timestamp", "on").postgresSetting("fsync", "off");
      on(
          builder,
          (stack, shops, all) ->
              latencies.addAll(
                  new LatencyBenchmark(stack, shops, latencyPlan()).run(asked(all.ofLatency()))));
    }
    Report report = new Report(conditions(), throughputs, latencies);
    System.out.println(report.text());
    Files.writeString(Benchmarks.root().resolve("benchmarks/target/source.md"), report.text());
    return report.failed() ? 1 : 0;
  }

  /** Measures something on a stack of its own. */
  private interface Measuring {
    void measure(LocalStack stack, Shops shops, Contestants all) throws Exception;
  }

  private void on(StackBuilder builder, Measuring measuring) throws Exception {
    try (LocalStack stack = builder.start();
        Programs programs = new Programs(stack.logs())) {
      measuring.measure(
          stack,
          new Shops(new Databases(stack.postgres())),
          new Contestants(new Connectors(stack, settings), programs));
      if (new Report(List.of(), throughputs, latencies).failed()) {
        stack.keepLogs();
        System.err.println("Logs: " + stack.logs());
      }
    }
  }

  private void measureThroughput(LocalStack stack, Shops shops, Contestants all) throws Exception {
    if (workloads.contains(SNAPSHOT)) {
      throughputs.addAll(
          benchmark(SNAPSHOT, SNAPSHOT_ORDERS, stack, shops).run(asked(all.ofSnapshot())));
    }
    if (workloads.contains(CATCH_UP)) {
      throughputs.addAll(
          benchmark(CATCH_UP, CATCH_UP_ORDERS, stack, shops).run(asked(all.ofCatchUp())));
    }
  }

  private ThroughputBenchmark benchmark(
      String workload, int usualCount, LocalStack stack, Shops shops) {
    Topics topics = new Topics(stack.kafka().bootstrapServers());
    return new ThroughputBenchmark(workload, topics, shops, new Following(stack), plan(usualCount));
  }

  private StackBuilder builder() {
    StackBuilder stack =
        Benchmarks.stack()
            .pluginFolder(Benchmarks.root().resolve("benchmarks/target/plugins"))
            .postgresSetting("wal_level", "logical")
            .postgresSetting("max_replication_slots", "20")
            .postgresSetting("max_wal_senders", "20")
            .workerJvm(
                Stream.concat(Stream.of(Benchmarks.HEAP), workerJvm.stream())
                    .toArray(String[]::new));
    workerSettings.forEach(stack::workerSetting);
    return stack;
  }

  private ThroughputBenchmark.Plan plan(int usualCount) {
    int orders = count > 0 ? count : quick ? usualCount / 10 : usualCount;
    List<Integer> measured = !tasks.isEmpty() ? tasks : quick ? List.of(1, 2) : List.of(1, 2, 4);
    return new ThroughputBenchmark.Plan(orders, measured, orders / 4, !quick);
  }

  private LatencyBenchmark.LatencyPlan latencyPlan() {
    int measured = seconds > 0 ? seconds : quick ? 5 : 20;
    return new LatencyBenchmark.LatencyPlan(
        rates, quick ? measured : 2 * measured, measured / 2, measured, !quick);
  }

  private List<Contestant> asked(List<Contestant> all) {
    List<Contestant> some = new ArrayList<>(all);
    some.removeIf(each -> !contestants.isEmpty() && !contestants.contains(each.kind()));
    return List.copyOf(some);
  }

  private List<String> conditions() {
    List<String> conditions = new ArrayList<>();
    conditions.add(
        "%d processors, Java %s; two and a half items an order, topics of %d partitions"
            .formatted(
                Runtime.getRuntime().availableProcessors(), Runtime.version(), Topics.PARTITIONS));
    if (workloads.contains(SNAPSHOT)) {
      conditions.add("Snapshot of %,d orders".formatted(plan(SNAPSHOT_ORDERS).orders()));
    }
    if (workloads.contains(CATCH_UP)) {
      conditions.add("Catch-up of %,d orders".formatted(plan(CATCH_UP_ORDERS).orders()));
    }
    if (workloads.contains(LATENCY)) {
      conditions.add("Latency over %d s at each rate".formatted(latencyPlan().seconds()));
    }
    if (quick) {
      conditions.add("One worker for all, each contestant warmed up: roughly measured");
    }
    if (!settings.isEmpty() || !workerSettings.isEmpty()) {
      conditions.add("Settings on trial: " + settings + ' ' + workerSettings);
    }
    return conditions;
  }
}
