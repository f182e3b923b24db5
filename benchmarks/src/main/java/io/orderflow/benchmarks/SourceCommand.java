package io.orderflow.benchmarks;

import io.orderflow.stack.LocalStack;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run.sh source}. */
@Command(
    name = "source",
    mixinStandardHelpOptions = true,
    description = "The initial load of a shop's orders into a topic.")
final class SourceCommand implements Callable<Integer> {

  @Option(names = "--count", description = "orders to capture (default: ${DEFAULT-VALUE})")
  private int count = 1_000_000;

  @Option(
      names = "--tasks",
      split = ",",
      description = "numbers of tasks to measure (default: 1,2)")
  private List<Integer> tasks = List.of(1, 2);

  @Override
  public Integer call() throws Exception {
    try (LocalStack stack = Benchmarks.stack().databases("shop").start()) {
      List<Measurement> measurements =
          new SourceBenchmark(stack, Benchmarks.root(), count).run(tasks);
      System.out.println(Measurement.table(measurements));
    }
    return 0;
  }
}
