package io.orderflow.it.monitoring;

import static java.util.Locale.ROOT;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Topic;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The dashboard and the alerts, on a real stack on which each test causes the condition of an
 * alert.
 */
@Tag("monitoring")
@EnabledIfSystemProperty(
    named = "orderflow.groups",
    matches = "monitoring",
    disabledReason = "needs the program prometheus: mvn -B verify -Pmonitoring")
@TestMethodOrder(OrderAnnotation.class)
class MonitoringIT {

  private static final String SOURCE = "orders-source";
  private static final String LOG = "orders-source-log";
  private static final String SINK = "inventory-sink";

  private static MonitoredStack all;

  @BeforeAll
  static void start() throws IOException, SQLException {
    Tools.require("prometheus");
    all = MonitoredStack.start();
  }

  @AfterAll
  static void stop() {
    if (all != null) {
      all.close();
    }
  }

  @Test
  @Order(1)
  void everySeriesOfDashboardAndAlertsIsScraped() throws IOException {
    // Given
    Set<String> named = SeriesNames.in(Tools.DASHBOARD, Tools.RULES);
    assertTrue(named.size() > 30, "Expected the names of series, found " + named);

    // Then
    await("series that nobody shows")
        .until(
            () -> {
              Set<String> missing = new TreeSet<>(named);
              missing.removeAll(SeriesNames.scraped(all.scrape()));
              return missing;
            },
            equalTo(Set.of()));
    all.awaitNoAlert("OrderflowNoMetrics", "");
  }

  @Test
  void latenciesOfAllTasksMakeOneQuantile() {
    // When
    MonitoredStack.order(all.shop(), 300, "A");

    // Then
    for (String latency :
        List.of(
            "orderflow_orders_source_capture_latency_seconds",
            "orderflow_inventory_sink_apply_latency_seconds")) {
      await("a quantile of " + latency)
          .until(
              () ->
                  all.prometheus()
                          .value(
                              "histogram_quantile(0.5, sum by (le) (%s_buckets_total))"
                                  .formatted(latency))
                      > 0);
    }
  }

  @Test
  void openTransactionHoldsTheHorizon() throws SQLException {
    try (Connection open = all.shop().connect()) {
      // Given
      open.setAutoCommit(false);
      Database.execute(open, "SELECT pg_current_xact_id()");

      // When
      MonitoredStack.order(all.shop(), 10, "A");

      // Then
      all.awaitAlert("OrderflowHorizonStuck", SOURCE);
      all.awaitAlert("OrderflowSourceLag", SOURCE);
      open.rollback();
    }
    all.awaitNoAlert("OrderflowHorizonStuck", SOURCE);
    all.awaitNoAlert("OrderflowSourceLag", SOURCE);
  }

  @Test
  void openTransactionKeepsTheLog() throws SQLException {
    try (Connection open = all.shop().connect()) {
      // Given
      open.setAutoCommit(false);
      Database.execute(open, "SELECT pg_current_xact_id()");

      // When
      all.shop()
          .execute(
              "CREATE TABLE filler AS SELECT repeat('x', 1000) AS t FROM generate_series(1, 5000)");

      // Then
      all.awaitAlert("OrderflowRetainedWal", LOG);
      open.rollback();
    }
  }

  @Test
  void badRecordBecomesADeadLetter() {
    // When
    all.payments().send(List.of(Messages.payment(1, 1, "REFUNDED", "nine ninety")));

    // Then
    all.awaitAlert("OrderflowDeadLetters", SINK);
  }

  @Test
  void ordersThatDoNotFitAreRejected() {
    // When
    for (int id = 100; id < 120; id++) {
      MonitoredStack.order(all.shop(), id, "UNKNOWN");
    }

    // Then
    all.awaitAlert("OrderflowRejectedOrders", SINK);
  }

  @Test
  void lockedStockDelaysTheSink() throws SQLException {
    try (Connection open = all.warehouse().connect()) {
      // Given
      open.setAutoCommit(false);
      // A stronger lock would have a transaction ID, and hold the horizon of the same server.
      Database.execute(open, "LOCK TABLE stock IN EXCLUSIVE MODE");

      // When
      for (int id = 200; id < 210; id++) {
        MonitoredStack.order(all.shop(), id, "A");
      }

      // Then
      all.awaitAlert("OrderflowSinkLag", SINK);
      open.rollback();
    }
    all.awaitNoAlert("OrderflowSinkLag", SINK);
    all.awaitAlert("OrderflowLate", SINK);
  }

  @Test
  void lockedTableStallsTheSnapshot() throws SQLException {
    Shop shop = all.shopToSnapshot("shop_to_load");
    shop.database().execute("ANALYZE orders");
    stalls(Capture.QUERY, shop);
  }

  @ParameterizedTest
  @EnumSource
  void lockedTableStallsASnapshotWhoseProgressIsNotKnown(Capture capture) throws SQLException {
    stalls(
        capture, all.shopToSnapshot("shop_to_load_blindly_by_" + capture.name().toLowerCase(ROOT)));
  }

  private static void stalls(Capture capture, Shop shop) throws SQLException {
    // Given
    Topic orders = all.stage().topic(shop.database().name(), 2);
    String snapshot = all.snapshot(capture, shop, orders);
    await("some orders are emitted").until(() -> orders.count() > 0);

    // When
    try (Connection open = shop.connect()) {
      open.setAutoCommit(false);
      Database.execute(open, "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");

      // Then
      all.awaitAlert("OrderflowSnapshotStalled", snapshot);
      open.rollback();
    }
    all.awaitNoAlert("OrderflowSnapshotStalled", snapshot);
  }

  @Test
  @Order(Order.DEFAULT + 1)
  void stoppedPostgresIsAnOutageOfAll() {
    // When
    all.stack().localPostgres().stop();
    all.payments().send(List.of(Messages.payment(1, 2, "CAPTURED", "9.90")));

    // Then
    all.awaitAlert("OrderflowOutage", SOURCE);
    all.awaitAlert("OrderflowOutage", LOG);
    all.awaitAlert("OrderflowOutage", SINK);
    all.awaitAlert("OrderflowPoolExhausted", SINK);

    // When
    all.stack().localPostgres().start();

    // Then
    all.awaitNoAlert("OrderflowOutage", SOURCE);
    all.awaitNoAlert("OrderflowOutage", LOG);
    all.awaitNoAlert("OrderflowOutage", SINK);
  }

  @Test
  @Order(Order.DEFAULT + 2)
  void missingTableFailsTheTask() {
    // When
    all.warehouse().execute("ALTER TABLE payments RENAME TO hidden");
    all.payments().send(List.of(Messages.payment(1, 3, "CAPTURED", "9.90")));

    // Then
    all.awaitAlert("OrderflowTaskFailed", SINK);
  }

  @Test
  @Order(Order.DEFAULT + 3)
  void stoppedWorkerShowsNothing() {
    // When
    all.stack().workers().get(0).stop();

    // Then
    all.awaitAlert("OrderflowNoMetrics", "");
  }
}
