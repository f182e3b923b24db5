package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Await;
import io.orderflow.it.fixture.Checkout;
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
@EnabledIfSystemProperty(named = "orderflow.upgrade.from", matches = ".+")
class UpgradingIT {

  private static final Path FROM = Path.of(System.getProperty("orderflow.upgrade.from", "."));

  @Test
  void workersAreUpgradedOneAfterTheOtherAndTakenBack() throws Exception {
    try (Trade trade = Trade.begin("orders-source", earlier())) {
      // Given
      Runbook page = Runbook.read("upgrading.md");
      Operator operator = trade.operator();
      String version = Checkout.version();
      for (Path archive : PluginArchives.ofThisCheckout()) {
        Files.copy(
            archive,
            trade
                .stack()
                .folder()
                .resolve("operator")
                .resolve(String.valueOf(archive.getFileName())));
      }
      operator.means("/opt/connect/plugins", trade.stack().folder().resolve("plugins"));
      operator.means("-0.1.0", "-" + version);
      String before = operator.run(page.section("See"));
      assertTrue(!before.contains(version), before);

      // When
      operator.run(page.section("The databases"));
      List<Runbook.Block> roll = page.section("The workers, one after the other");
      operator.run(roll.subList(0, 1));
      restartAll(trade, roll.subList(1, 2), 5000);

      // Then
      trade.awaitAllApplied();
      String after = operator.run(page.section("Cured"));
      assertEquals(2, after.lines().filter(line -> line.contains(version)).count(), after);
      assertEachToldOnce(trade);

      // When
      List<Runbook.Block> back = page.section("Back");
      operator.run(back.subList(0, 1));
      restartAll(trade, roll.subList(1, 2), 6000);
      trade.awaitAllApplied();
      assertEachToldOnce(trade);
      operator.run(back.subList(1, 2));

      // Then
      trade.place(7000, 10);
      trade.awaitAllApplied();
      assertTrue(!operator.run(page.section("See")).contains(version));
      operator.leftNoneOut(page);
    }
  }

  private static List<Path> earlier() throws IOException {
    try (Stream<Path> files = Files.list(FROM)) {
      List<Path> archives = files.filter(file -> file.toString().endsWith("-plugin.zip")).toList();
      assertEquals(2, archives.size(), () -> "archives in " + FROM + ": " + archives);
      return archives;
    }
  }

  private static void restartAll(Trade trade, List<Runbook.Block> wait, int firstOrder)
      throws Exception {
    int order = firstOrder;
    for (LocalWorker worker : trade.stack().workers().all()) {
      trade.place(order, 50);
      worker.stop();
      trade.place(order + 50, 50);
      worker.start();
      trade.operator().run(wait);
      trade.place(order + 100, 50);
      order += 150;
    }
  }

  private static void assertEachToldOnce(Trade trade) throws Exception {
    long orders = trade.shop().number("SELECT count(*) FROM orders");
    Await.equal("each order is told once", orders, Trade.SOON, () -> told(trade));
  }

  /** Committed events; those of transactions that were given up do not count. */
  private static long told(Trade trade) throws Exception {
    return trade
        .operator()
        .bash(
            "kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic orders"
                + " --from-beginning --timeout-ms 5000 --isolation-level read_committed")
        .lines()
        .filter(line -> line.contains("\"id\":"))
        .count();
  }
}
