package io.orderflow.quickstart;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "quickstart.sh",
    sortOptions = false,
    description = {
      "Starts Kafka, two Connect workers and PostgreSQL on this machine, lets a shop sell, and shows"
          + " its orders on their way into a warehouse's stock.",
      "Ends with a verdict, and with status 0 only if nothing was lost, duplicated, stale, oversold"
          + " or adrift."
    })
interface Options {

  @Option(
      names = "--seconds",
      defaultValue = "60",
      paramLabel = "N",
      description = "How long the shop works (default: ${DEFAULT-VALUE}).")
  int seconds();

  @Option(
      names = "--orders-per-second",
      defaultValue = "200",
      paramLabel = "N",
      description =
          "How many orders customers place; about twice as many changes of orders follow"
              + " (default: ${DEFAULT-VALUE}).")
  int ordersPerSecond();

  @Option(
      names = "--past-orders",
      defaultValue = "10000",
      paramLabel = "N",
      description =
          "How many orders the shop has when the connectors start (default: ${DEFAULT-VALUE}).")
  int pastOrders();

  @Option(
      names = "--kill-worker",
      description = "Half-way, kills a Connect worker with signal 9 and starts it again.")
  boolean killWorker();

  @Option(
      names = "--keep",
      description = "Leaves all running after the verdict, until Enter or Ctrl-C.")
  boolean keep();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  boolean help();
}
