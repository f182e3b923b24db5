package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.ProgramSlot;
import io.orderflow.benchmarks.source.program.SourceProgram;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.StackBuilder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run.sh source}. */
@Command(
    name = "source",
    mixinStandardHelpOptions = true,
    description = "The source against Debezium, Connect itself, and programs without Connect.")
public final class SourceCommand implements Callable<Integer> {

  private static final String LOAD = "load";
  private static final String LATENCY = "latency";

  @Option(
      names = "--workload",
      split = ",",
      description = "load: orders that are there; latency: new ones (default: both)")
  private Set<String> workloads = Set.of(LOAD, LATENCY);

  @Option(
      names = "--contestant",
      split = ",",
      description =
          "orderflow-query, orderflow-log, debezium, debezium-orders-alone, no-op, bare"
              + " (default: all)")
  private Set<String> contestants = Set.of();

  @Option(names = "--count", description = "orders to load (default: 1000000, quick: 100000)")
  private int count;

  @Option(
      names = "--tasks",
      split = ",",
      description = "numbers of tasks to load with (default: 1,2,4; quick: 1,2)")
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

  @Option(names = "--quick", description = "the whole table in three minutes, roughly measured")
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

  @Override
  public Integer call() throws Exception {
    List<LoadResult> loads = workloads.contains(LOAD) ? on(builder(), this::load) : List.of();
    List<LatencyResult> latencies =
        workloads.contains(LATENCY)
            // It tells when an order was committed; without it, loads are as most shops have them.
            ? on(
                builder()
                    .postgresSetting("track_commit_timestamp", "on")
                    .postgresSetting("fsync", "off"),
                this::latency)
            : List.of();
    Report report = new Report(conditions(), loads, latencies);
    System.out.println(report.text());
    Files.writeString(Benchmarks.root().resolve("benchmarks/target/source.md"), report.text());
    return report.failed() ? 1 : 0;
  }

  /** Measures something on a stack of its own. */
  private interface Measuring<T extends Outcome> {
    List<T> measure(LocalStack stack, Shops shops, Contestants contestants) throws Exception;
  }

  private <T extends Outcome> List<T> on(StackBuilder builder, Measuring<T> measuring)
      throws Exception {
    try (LocalStack stack = builder.start();
        ProgramSlot program = new ProgramSlot(stack.logs(), SourceProgram.class)) {
      var shops = new Shops(stack.postgres(), Benchmarks.root());
      var connectors = new Connectors(stack, Benchmarks.root(), settings);
      List<T> results =
          measuring.measure(
              stack, shops, new Contestants(connectors, new Programs(stack, program)));
      if (results.stream().anyMatch(Outcome::failed)) {
        stack.keepLogs();
        System.err.println("Logs: " + stack.logs());
      }
      return results;
    }
  }

  private List<LoadResult> load(LocalStack stack, Shops shops, Contestants all) throws Exception {
    var topics = new Topics(stack.kafka().bootstrapServers());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrapServers()))) {
      var following = new Following(stack, topics, admin);
      return new LoadBenchmark(topics, shops, following, loadPlan()).run(asked(all.ofLoad()));
    }
  }

  private List<LatencyResult> latency(LocalStack stack, Shops shops, Contestants all)
      throws Exception {
    var topics = new Topics(stack.kafka().bootstrapServers());
    return new LatencyBenchmark(topics, shops, latencyPlan()).run(asked(all.ofLatency()));
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

  private LoadBenchmark.LoadPlan loadPlan() {
    int orders = count > 0 ? count : quick ? 100_000 : 1_000_000;
    List<Integer> measured = !tasks.isEmpty() ? tasks : quick ? List.of(1, 2) : List.of(1, 2, 4);
    return new LoadBenchmark.LoadPlan(orders, measured, orders / 4, !quick);
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
        "%d processors, Java %s; topics of %d partitions"
            .formatted(
                Runtime.getRuntime().availableProcessors(), Runtime.version(), Topics.PARTITIONS));
    conditions.add(
        "%,d orders with two and a half items each; latency over %d s at each rate"
            .formatted(loadPlan().orders(), latencyPlan().seconds()));
    if (quick) {
      conditions.add("One worker for all, each contestant warmed up: roughly measured");
    }
    if (!settings.isEmpty() || !workerSettings.isEmpty()) {
      conditions.add("Settings on trial: " + settings + ' ' + workerSettings);
    }
    return conditions;
  }
}
