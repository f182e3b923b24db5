package io.orderflow.quickstart;

import io.orderflow.quickstart.setup.Installation;
import io.orderflow.quickstart.verdict.Verdict;
import io.orderflow.quickstart.view.View;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PluginArchives;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.ShopRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
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

  /** Exits with 0 if the verdict is clean, 1 if it is not or the demo failed, 2 on misuse. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    CommandLine commandLine;
    try {
      commandLine = Options.parse(arguments);
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
    try {
      Path log = logToFile();
      try {
        int status = demonstrate(options);
        Files.delete(log);
        return status;
      } catch (SQLException | RuntimeException e) {
        System.err.println("The quickstart failed: " + e.getMessage());
        System.err.println("Its own log is " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write a log file", e);
    }
    return FAULTY;
  }

  /** Sends the log of this process to a file, since on the screen it would cover the view. */
  private static Path logToFile() throws IOException {
    Path log = Files.createTempFile("orderflow-quickstart-", ".log");
    System.setProperty("org.slf4j.simpleLogger.logFile", log.toString());
    System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
    System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    return log;
  }

  private static int demonstrate(Options options) throws SQLException, InterruptedException {
    System.out.println("starting Kafka, " + WORKERS + " Connect workers and PostgreSQL ...");
    try (LocalStack stack = start()) {
      System.out.printf(Locale.ROOT, "started after %.1f s%n", uptimeSeconds());
      // On Ctrl-C the process returns to the shell only when all servers have stopped.
      Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
      try {
        Verdict verdict = verdict(stack, options);
        verdict.lines().forEach(System.out::println);
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
        // Quick to start and small beside each other; not for a server that runs for days.
        .brokerJvm("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .workerJvm("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        // The source of the latency that is shown.
        .postgresSetting("track_commit_timestamp", "on")
        .databases(Installation.SHOP, Installation.WAREHOUSE)
        .pluginArchives(PluginArchives.ofThisCheckout())
        .start();
  }

  private static Verdict verdict(LocalStack stack, Options options)
      throws SQLException, InterruptedException {
    try (View view = View.ofStandardOutput()) {
      return options.shop().isEmpty()
          ? new Demo(stack, options, view).run()
          : new RecipeDemo(stack, ShopRecipe.of(options.shop()), options, view).run();
    }
  }

  /** How long this process has run. */
  static double uptimeSeconds() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1_000.0;
  }

  /** Waits for Enter; without an input, for a signal alone. */
  private static void keep(LocalStack stack) throws InterruptedException {
    addresses(stack).forEach(System.out::println);
    System.out.println("Enter or Ctrl-C ends it.");
    try {
      if (System.in.read() < 0) {
        new CountDownLatch(1).await();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> addresses(LocalStack stack) {
    List<URI> workers = stack.connect().uris();
    return List.of(
        "Everything is still running:",
        "  Connect REST  " + String.join("  ", workers.stream().map(URI::toString).toList()),
        "  Kafka         " + stack.kafka().bootstrapServers(),
        "  shop          " + psqlAddress(stack.postgres(), Installation.SHOP),
        "  warehouse     " + psqlAddress(stack.postgres(), Installation.WAREHOUSE),
        "  logs          " + stack.logs(),
        "",
        "  curl -s " + workers.get(0).resolve("/connectors/inventory-sink/status"),
        "  psql '"
            + psqlAddress(stack.postgres(), Installation.WAREHOUSE)
            + "' -c 'SELECT state, reason, count(*) FROM order_inventory GROUP BY 1, 2'",
        "");
  }

  private static String psqlAddress(PostgresServer postgres, String database) {
    return postgres
        .jdbcUrl(database)
        .replaceFirst(
            "^jdbc:postgresql://",
            "postgresql://" + postgres.user() + ':' + postgres.password() + '@');
  }
}
