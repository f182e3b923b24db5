package io.orderflow.benchmarks.startup;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.measure.MarkdownTable;
import io.orderflow.stack.LocalStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run.sh start-up}. */
@Command(
    name = "start-up",
    mixinStandardHelpOptions = true,
    description =
        "The time from a worker's start to its REST API and to a connector's first record, by"
            + " plugins.")
public final class StartUpCommand implements Callable<Integer> {

  @Option(names = "--rounds", description = "how often each is measured (default: 5)")
  private int rounds = 5;

  @Option(
      names = "--only",
      description = "workers or connectors (default: both)",
      defaultValue = "")
  private String only = "";

  @Option(
      names = "--worker-jvm",
      description = "an option of the worker's JVM, as in --worker-jvm=-Xlog:class+load")
  private List<String> workerJvm = List.of();

  @Override
  public Integer call() throws Exception {
    String text = "";
    try (LocalStack base =
        LocalStack.builder()
            .workers(0)
            .postgresSetting("wal_level", "logical")
            .postgresSetting("max_replication_slots", "20")
            .postgresSetting("max_wal_senders", "20")
            .start()) {
      WorkerStarts workers = new WorkerStarts(base, jvm());
      if (!only.equals("connectors")) {
        text += workers.measure(rounds).text();
      }
      if (!only.equals("workers")) {
        MarkdownTable connectors = new ConnectorStarts(base, jvm()).measure(rounds);
        text += (text.isEmpty() ? "" : "\n") + connectors.text();
      }
    }
    System.out.println(text);
    Path file = Benchmarks.root().resolve("benchmarks/target/start-up.md");
    Files.writeString(file, text);
    return 0;
  }

  private String[] jvm() {
    return Stream.concat(Stream.of("-Xmx1g"), workerJvm.stream()).toArray(String[]::new);
  }
}
