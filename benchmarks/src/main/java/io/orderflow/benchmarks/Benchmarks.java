package io.orderflow.benchmarks;

import io.orderflow.benchmarks.sink.SinkCommand;
import io.orderflow.benchmarks.source.SourceCommand;
import io.orderflow.benchmarks.startup.StartUpCommand;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PluginArchives;
import io.orderflow.stack.StackBuilder;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code run.sh source}, {@code run.sh sink} and {@code run.sh start-up}. */
@Command(
    name = "run.sh",
    mixinStandardHelpOptions = true,
    description = "Measures a connector on the local stack and prints one table.",
    subcommands = {SourceCommand.class, SinkCommand.class, StartUpCommand.class})
public final class Benchmarks {

  /** The heap of each process that is measured. */
  public static final String HEAP = "-Xmx2g";

  private Benchmarks() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Benchmarks()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /** The checkout that is measured. */
  public static Path root() {
    return Path.of(System.getProperty("orderflow.root", ".")).toAbsolutePath();
  }

  /** Servers with room for a million orders; PostgreSQL syncs each commit to disk. */
  public static StackBuilder stack() {
    return LocalStack.builder()
        .pluginArchives(PluginArchives.ofThisCheckout())
        .brokerJvm(HEAP)
        .workerJvm(HEAP)
        .postgresSetting("shared_buffers", "1GB")
        .postgresSetting("max_wal_size", "8GB");
  }
}
