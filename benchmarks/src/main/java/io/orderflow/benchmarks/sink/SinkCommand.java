package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.measure.ProgramSlot;
import io.orderflow.benchmarks.program.Program;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.StackBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run.sh sink}. */
@Command(
    name = "sink",
    mixinStandardHelpOptions = true,
    description = "The sink against other sinks and against programs without Connect.")
public final class SinkCommand implements Callable<Integer> {

  private static final int QUICK_COUNT = 100_000;

  @Option(
      names = "--count",
      description = "records of each workload (default: 1000000, quick: 100000)")
  private int count;

  @Option(
      names = "--tasks",
      split = ",",
      description = "numbers of tasks to measure (default: 1,2,4)")
  private List<Integer> tasks = List.of(1, 2, 4);

  @Option(names = "--quick", description = "the whole table in three minutes, roughly measured")
  private boolean quick;

  @Option(
      names = "--workload",
      split = ",",
      description = "payments, orders, flash-sale (default: all)")
  private Set<String> workloads = Set.of(Payments.NAME, Orders.NAME, FlashSale.NAME);

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
    OtherSinks others = OtherSinks.ofThisProcess();
    try (LocalStack stack = builder(others).start();
        ProgramSlot program = new ProgramSlot(stack.logs(), Program.class);
        Admin admin = admin(stack)) {
      var warehouses = new Warehouses(stack.postgres(), Benchmarks.root());
      var benchmark =
          new SinkBenchmark(
              new Topics(stack.kafka().bootstrapServers()),
              warehouses,
              new Progress(admin, stack.localPostgres().pid()),
              plan());
      List<Result> results =
          benchmark.run(workloads(), contestants(stack, new Programs(stack, program), others));
      print(new Report(conditions(warehouses), results));
      boolean failed = results.stream().anyMatch(result -> result.pass() == null);
      if (failed) {
        stack.keepLogs();
        System.err.println("Logs: " + stack.logs());
      }
      return failed ? 1 : 0;
    }
  }

  private static StackBuilder builder(OtherSinks others) {
    StackBuilder stack =
        Benchmarks.stack()
            .pluginFolder(Benchmarks.root().resolve("benchmarks/target/plugins"))
            // How far a sink is, is seen by its committed offsets.
            .workerSetting("offset.flush.interval.ms", "100");
    others.addTo(stack);
    return stack;
  }

  private static Admin admin(LocalStack stack) {
    return Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
  }

  private int count() {
    if (count > 0) {
      return count;
    }
    return quick ? QUICK_COUNT : 1_000_000;
  }

  private Plan plan() {
    return new Plan(tasks, count() / 2, !quick);
  }

  private List<Workload> workloads() {
    return Stream.<Workload>of(
            new Payments("payment-updates", count()),
            new Orders("orders", count()),
            new FlashSale("flash-sale-orders", count()))
        .filter(workload -> workloads.contains(workload.name()))
        .toList();
  }

  private List<Contestant> contestants(LocalStack stack, Programs programs, OtherSinks others) {
    var connectors = new Connectors(stack, Benchmarks.root());
    List<Contestant> all = new ArrayList<>();
    all.add(new Orderflow(connectors));
    debeziumBatches().forEach(batch -> all.add(new DebeziumJdbc(connectors, batch)));
    all.addAll(others.read(connectors));
    all.add(new NoOp(connectors));
    all.add(new BareCopy(programs));
    all.add(new HandWritten(programs));
    all.removeIf(each -> !contestants.isEmpty() && !contestants.contains(each.kind()));
    return List.copyOf(all);
  }

  private List<Integer> debeziumBatches() {
    if (!debeziumBatches.isEmpty()) {
      return debeziumBatches;
    }
    return quick ? List.of(5_000) : List.of(2_000, 5_000, 10_000);
  }

  private List<String> conditions(Warehouses warehouses) throws Exception {
    return List.of(
        "%d processors, Java %s, PostgreSQL %s; %,d records of each workload, topics of %d partitions"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                warehouses.version(),
                count(),
                Topics.PARTITIONS),
        quick
            ? "One worker for all, each contestant warmed up: roughly measured"
            : "A new process for each contestant and workload, warmed up by half of the records");
  }

  private static void print(Report report) throws Exception {
    System.out.println(report.text());
    Path file = Benchmarks.root().resolve("benchmarks/target/sink.md");
    Files.writeString(file, report.text());
  }
}
