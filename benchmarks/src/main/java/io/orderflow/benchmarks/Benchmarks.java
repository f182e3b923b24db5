package io.orderflow.benchmarks;

import io.orderflow.benchmarks.sink.SinkCommand;
import io.orderflow.benchmarks.source.SourceCommand;
import io.orderflow.benchmarks.startup.StartUpCommand;
import io.orderflow.benchmarks.sweeps.BackordersCommand;
import io.orderflow.benchmarks.sweeps.ExpiryCommand;
import io.orderflow.benchmarks.triggers.TriggersCommand;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PluginArchives;
import io.orderflow.stack.StackBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code run.sh source}, {@code sink}, {@code backorders}, {@code expiry}, {@code start-up} and
 * {@code triggers}.
 */
@Command(
    name = "run.sh",
    mixinStandardHelpOptions = true,
    description = "Measures a connector on the local stack and prints tables.",
    subcommands = {
      SourceCommand.class,
      SinkCommand.class,
      BackordersCommand.class,
      ExpiryCommand.class,
      StartUpCommand.class,
      TriggersCommand.class
    })
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

  /**
   * Checks the values of an option.
   *
   * @throws ParameterException naming those that are not known
   */
  public static void requireKnown(
      CommandSpec command, String option, Set<String> values, Set<String> known) {
    List<String> unknown =
        values.stream().filter(value -> !known.contains(value)).sorted().toList();
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "%s knows no %s; it knows %s"
              .formatted(
                  option, String.join(", ", unknown), String.join(", ", new TreeSet<>(known))));
    }
  }
}
