package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.stack.Checkout;
import io.orderflow.stack.LocalWorker;
import io.orderflow.stack.PluginArchives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two workers are upgraded one after the other while orders are placed, and taken back. {@code
 * -Dorderflow.upgrade.from} names a folder with both plugin archives of an earlier version.
 */
@EnabledIfSystemProperty(
    named = "orderflow.upgrade.from",
    matches = ".+",
    disabledReason =
        "needs the archives of an earlier version: mvn -B verify -pl integration-tests -am"
            + " -Dtest=NoSuch -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=UpgradingIT"
            + " -Dorderflow.upgrade.from=FOLDER")
class UpgradingIT {

  private static final Path FROM = Path.of(System.getProperty("orderflow.upgrade.from", "."));

  @Test
  void workersAreUpgradedOneAfterTheOtherAndTakenBack() throws Exception {
    ExampleStack.follow(
        "upgrading.md",
        "orders-source",
        earlier(),
        (examples, operator) -> {
          // Given
          String version = Checkout.version();
          for (Path archive : PluginArchives.ofThisCheckout()) {
            Files.copy(
                archive,
                examples
                    .stack()
                    .folder()
                    .resolve("operator")
                    .resolve(String.valueOf(archive.getFileName())));
          }
          operator.means("/opt/connect/plugins", examples.stack().folder().resolve("plugins"));
          operator.means("-0.1.0", "-" + version);
          String before = operator.run("See");
          assertTrue(!before.contains(version), before);

          // When
          operator.run("The databases");
          List<Runbook.Block> roll = operator.section("The workers, one after the other");
          operator.run(roll.subList(0, 1));
          restartAll(examples, roll.subList(1, 2), 5000);

          // Then
          examples.awaitAllApplied();
          String after = operator.run("Cured");
          assertEquals(2, after.lines().filter(line -> line.contains(version)).count(), after);
          assertEachEmittedOnce(examples);

          // When
          List<Runbook.Block> back = operator.section("Back");
          operator.run(back.subList(0, 1));
          restartAll(examples, roll.subList(1, 2), 6000);
          examples.awaitAllApplied();
          assertEachEmittedOnce(examples);
          operator.run(back.subList(1, 2));

          // Then
          examples.place(7000, 10);
          examples.awaitAllApplied();
          assertTrue(!operator.run("See").contains(version));
        });
  }

  private static List<Path> earlier() throws IOException {
    try (Stream<Path> files = Files.list(FROM)) {
      List<Path> archives = files.filter(file -> file.toString().endsWith("-plugin.zip")).toList();
      assertEquals(2, archives.size(), () -> "archives in " + FROM + ": " + archives);
      return archives;
    }
  }

  private static void restartAll(ExampleStack examples, List<Runbook.Block> wait, int firstOrder)
      throws Exception {
    int order = firstOrder;
    for (LocalWorker worker : examples.stack().workers().all()) {
      examples.place(order, 50);
      worker.stop();
      examples.place(order + 50, 50);
      worker.start();
      examples.operator().run(wait);
      examples.place(order + 100, 50);
      order += 150;
    }
  }

  private static void assertEachEmittedOnce(ExampleStack examples) throws Exception {
    long orders = examples.shop().number("SELECT count(*) FROM orders");
    await("each order is emitted once").until(() -> emitted(examples), equalTo(orders));
  }

  /** Committed events; those of transactions that were given up do not count. */
  private static long emitted(ExampleStack examples) throws Exception {
    return examples
        .operator()
        .bash(
            "kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic orders"
                + " --from-beginning --timeout-ms 5000 --isolation-level read_committed")
        .lines()
        .filter(line -> line.contains("\"id\":"))
        .count();
  }
}
