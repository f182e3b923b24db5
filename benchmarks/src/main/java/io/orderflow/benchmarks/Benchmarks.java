package io.orderflow.benchmarks;

import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PluginArchives;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run.sh source} and {@code run.sh sink}. */
@Command(
    name = "run.sh",
    mixinStandardHelpOptions = true,
    description = "Measures a connector on the local stack and prints one table.")
final class Benchmarks implements Callable<Integer> {

  enum Side {
    SOURCE,
    SINK
  }

  @Parameters(description = "source or sink")
  private Side side = Side.SOURCE;

  @Option(
      names = "--count",
      description = "orders to capture, or payment updates to apply (default: ${DEFAULT-VALUE})")
  private int count = 1_000_000;

  @Option(
      names = "--tasks",
      split = ",",
      description = "numbers of tasks to measure (default: 1,2)")
  private List<Integer> tasks = List.of(1, 2);

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Benchmarks()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Path.of(System.getProperty("orderflow.root", "."));
    try (LocalStack stack =
        LocalStack.builder()
            .pluginArchives(PluginArchives.ofThisCheckout())
            .databases("shop")
            .brokerJvm("-Xmx2g")
            .workerJvm("-Xmx2g")
            .postgresSetting("shared_buffers", "1GB")
            .postgresSetting("max_wal_size", "8GB")
            .start()) {
      List<Measurement> measurements =
          side == Side.SOURCE
              ? new SourceBenchmark(stack, root, count).run(tasks)
              : new SinkBenchmark(stack, root, count).run(tasks);
      System.out.println(Measurement.table(measurements));
    }
    return 0;
  }
}
