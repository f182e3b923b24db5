package io.orderflow.quickstart;

import io.orderflow.quickstart.setup.Installation;
import io.orderflow.quickstart.verdict.Verdict;
import io.orderflow.quickstart.view.VerdictTable;
import io.orderflow.quickstart.view.View;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PluginArchives;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The entry point of {@code quickstart.sh}. */
public final class Quickstart {

  private static final int CLEAN = 0;
  private static final int FAULTY = 1;
  private static final int USAGE = 2;
  private static final int WORKERS = 2;

  private Quickstart() {}

  /** Ends with 0 if the verdict is all zeros, 1 if it is not or the demo broke off, 2 on misuse. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    CommandLine commandLine;
    try {
      commandLine = CommandLineArguments.parse(arguments);
    } catch (ParameterException e) {
      System.err.println(e.getMessage());
      e.getCommandLine().usage(System.err);
      return USAGE;
    }
    if (commandLine.isUsageHelpRequested()) {
      commandLine.usage(System.out);
      return CLEAN;
    }
    Options options = commandLine.getCommand();
    OwnLog log = OwnLog.open();
    try {
      return demonstrate(options);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException e) {
      System.err.println("The quickstart broke off: " + e.getMessage());
      System.err.println("Its own log is " + log.keep());
    }
    return FAULTY;
  }

  private static int demonstrate(Options options) throws SQLException, InterruptedException {
    System.out.println("starting Kafka, " + WORKERS + " Connect workers and PostgreSQL ...");
    try (LocalStack stack = start()) {
      System.out.printf(Locale.ROOT, "they run after %.1f s%n", Uptime.seconds());
      // On Ctrl-C the process returns to the shell only when all of the stack is gone.
      Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
      try {
        Verdict verdict = verdict(stack, options);
        VerdictTable.of(verdict).forEach(System.out::println);
        if (!verdict.isClean()) {
          stack.keepLogs();
          System.out.println("The servers' logs stay in " + stack.logs());
        }
        if (options.keep()) {
          keep(stack);
        }
        return verdict.isClean() ? CLEAN : FAULTY;
      } catch (SQLException | RuntimeException e) {
        stack.keepLogs();
        System.err.println("The servers' logs stay in " + stack.logs());
        throw e;
      }
    }
  }

  private static LocalStack start() {
    return LocalStack.builder()
        .workers(WORKERS)
        // Quick to start and light beside each other; a server that runs for days would not do
        // this.
        .brokerJvm("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .workerJvm("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .databases(Installation.SHOP, Installation.WAREHOUSE)
        .pluginArchives(PluginArchives.ofThisCheckout())
        .start();
  }

  private static Verdict verdict(LocalStack stack, Options options)
      throws SQLException, InterruptedException {
    try (View view = View.ofStandardOutput()) {
      return new Demo(stack, options, view).run();
    }
  }

  /** Waits for Enter; where there is no input, for a signal alone. */
  private static void keep(LocalStack stack) throws InterruptedException {
    Addresses.of(stack).forEach(System.out::println);
    System.out.println("Enter or Ctrl-C ends it.");
    try {
      if (System.in.read() < 0) {
        new CountDownLatch(1).await();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
