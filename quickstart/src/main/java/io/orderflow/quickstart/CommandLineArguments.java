package io.orderflow.quickstart;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Reads the command line; a value that cannot be meant is refused with what is expected. */
final class CommandLineArguments {

  private CommandLineArguments() {}

  /** The command line as picocli has it: its usage, its version, and the parsed {@link Options}. */
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
      CommandLine commandLine, String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          commandLine,
          "%s: expected a number from %d to %d, found %d".formatted(option, least, most, value));
    }
  }
}
