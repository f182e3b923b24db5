package io.orderflow.quickstart;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line. */
@Command(
    name = "quickstart.sh",
    sortOptions = false,
    description = {
      "Starts Kafka, two Connect workers and PostgreSQL on this machine, opens a shop, and shows"
          + " how its orders reach a warehouse's stock.",
      "Ends with a verdict, and with status 0 only if nothing was lost, duplicated, stale, oversold"
          + " or adrift."
    })
interface Options {

  @Option(
      names = "--seconds",
      defaultValue = "60",
      paramLabel = "N",
      description = "How long the shop is open (default: ${DEFAULT-VALUE}).")
  int seconds();

  @Option(
      names = "--orders-per-second",
      defaultValue = "200",
      paramLabel = "N",
      description =
          "Orders that customers place; about twice as many changes of orders follow"
              + " (default: ${DEFAULT-VALUE}).")
  int ordersPerSecond();

  @Option(
      names = "--past-orders",
      defaultValue = "10000",
      paramLabel = "N",
      description =
          "Orders that the shop has when the connectors start (default: ${DEFAULT-VALUE}); with"
              + " --shop, those of its recipe.")
  int pastOrders();

  @Option(
      names = "--shop",
      defaultValue = "",
      paramLabel = "NAME",
      description =
          "Runs on the tables of another shop system, with its recipe of config-examples/shops,"
              + " such as saleor.")
  String shop();

  @Option(
      names = "--kill-worker",
      description = "Kills a Connect worker with signal 9 half-way, and starts it again.")
  boolean killWorker();

  @Option(
      names = "--keep",
      description = "Keeps everything running after the verdict, until Enter or Ctrl-C.")
  boolean keep();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  boolean help();

  /**
   * Reads a command line.
   *
   * @return picocli's view of it: the usage, and the {@link Options} as its command
   * @throws ParameterException naming the option and the values that it takes
   */
  static CommandLine parse(String... arguments) {
    CommandLine commandLine = new CommandLine(Options.class);
    commandLine.parseArgs(arguments);
    Options options = commandLine.getCommand();
    requireBetween(commandLine, "--seconds", options.seconds(), 1, 86_400);
    requireBetween(commandLine, "--orders-per-second", options.ordersPerSecond(), 1, 5_000);
    requireBetween(commandLine, "--past-orders", options.pastOrders(), 1, 10_000_000);
    return commandLine;
  }

  private static void requireBetween(
      CommandLine commandLine, String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          commandLine, "%s is %d; it must be from %d to %d".formatted(option, value, min, max));
    }
  }
}
