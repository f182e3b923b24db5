package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandoverTest {

  private static final String SETTINGS_VERSION = "version.column";

  private final HandoverRun orders = new HandoverRun();
  private final Shop shop = orders.shop();
  private final Map<String, String> settings = orders.settings();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void changesAreEmittedOnceAcrossHandovers(boolean versions) throws SQLException {
    // Given
    shop.run("ALTER TABLE orders ADD COLUMN revision bigint NOT NULL DEFAULT 1");
    if (versions) {
      settings.put(SETTINGS_VERSION, "revision");
    }
    orders.insert(1, 6);
    CaptureRun run = orders.capture("query");
    orders.poll(run, 6);

    // When
    run = handOver(run, "log", 1);
    run = handOver(run, "query", 2);
    run = handOver(run, "log", 3);
    run = handOver(run, "query", 4);
    orders.change(1, "last");
    orders.poll(run, 1);
    run.close();

    // Then
    assertEquals(6 + 4 * 7 + 1, orders.emitted().size());
    orders.assertEmittedOnce();
    orders.assertLatestIsEmitted();
  }

  @Test
  void deletionAfterAHandoverIsEmittedByATaskThatStartsAgain() {
    // Given
    orders.insert(1, 2);
    try (CaptureRun run = orders.capture("query")) {
      orders.poll(run, 2);
    }
    try (CaptureRun run = orders.capture("log")) {
      orders.poll(run, 0);
      orders.awaitOffsetOfLog(run);
    }

    // When
    shop.run("DELETE FROM orders WHERE id = 1");
    try (CaptureRun run = orders.capture("log")) {
      orders.poll(run, 1);
    }

    // Then
    SourceRecord last = orders.emitted().get(2);
    assertEquals("1 null", last.key() + " " + last.value());
  }

  /** Changes seven orders before, during and after the handover. */
  private CaptureRun handOver(CaptureRun before, String capture, int epoch) throws SQLException {
    try (Connection early = shop.connect();
        Connection late = shop.connect()) {
      early.setAutoCommit(false);
      early.createStatement().execute(orders.update(1, "early" + epoch));
      orders.change(2, "running" + epoch);
      // Query capture reads past the open transaction only after it ends, and leaves it to the log.
      boolean fromLog = capture.equals("query");
      orders.poll(before, fromLog ? 1 : 0);
      before.close();
      orders.change(3, "stopped" + epoch);
      orders.insert(10 + epoch, 10 + epoch);
      shop.run(
          orders.update(4, "items" + epoch)
              + "; UPDATE order_items SET quantity = quantity + 1 WHERE order_id = 4");
      CaptureRun after = orders.capture(capture);
      CompletableFuture<Void> polling =
          CompletableFuture.runAsync(() -> orders.poll(after, fromLog ? 6 : 7));
      orders.awaitSlot();
      orders.change(5, "handover" + epoch);
      late.setAutoCommit(false);
      late.createStatement().execute(orders.update(6, "late" + epoch));
      early.commit();
      late.commit();
      polling.join();
      return after;
    }
  }

  @Test
  void initialSnapshotAfterQueryCaptureResumesWhereItStopped() {
    // Given
    settings.put("snapshot.chunk.size", "2");
    settings.put("snapshot.max.threads", "1");
    settings.put("batch.max.orders", "4");
    orders.insert(1, 20);
    try (CaptureRun run = orders.capture("query")) {
      orders.poll(run, 20);
    }
    for (int id = 2; id <= 20; id += 2) {
      orders.change(id, "changed");
    }

    // When
    try (CaptureRun run = orders.capture("log")) {
      while (orders.emitted().size() < 23) {
        orders.add(run.poll());
      }
    }
    try (CaptureRun run = orders.capture("log")) {
      orders.poll(run, 30 - orders.emitted().size());
    }

    // Then
    orders.assertEmittedOnce();
    orders.assertLatestIsEmitted();
    assertEquals(
        "change", orders.emitted().get(29).headers().lastWithName("orderflow.kind").value());
  }

  @Test
  void initialSnapshotEmitsAllOrdersOfShardsWithoutOffset() {
    // Given
    orders.insert(1, 1);
    try (CaptureRun run = orders.capture("query")) {
      orders.poll(run, 1);
    }
    orders.insert(2, 20);

    // When
    try (CaptureRun run = orders.capture("log")) {
      orders.poll(run, 19);
    }

    // Then
    orders.assertEmittedOnce();
    orders.assertLatestIsEmitted();
  }

  @Test
  void slotCanBeDroppedAfterTheHandoverToQuery() {
    // Given
    orders.insert(1, 5);
    try (CaptureRun run = orders.capture("log")) {
      orders.poll(run, 5);
    }
    orders.change(1, "stopped");

    // When
    List<SourceRecord> first;
    try (CaptureRun run = orders.capture("query")) {
      first = run.poll();
    }
    shop.dropSlots();
    try (CaptureRun run = orders.capture("query")) {
      orders.poll(run, 1);
      orders.change(2, "running");
      orders.poll(run, 1);
    }

    // Then
    assertEquals(4, first.size());
    assertEquals(
        List.of(1L),
        first.stream().map(record -> record.sourceOffset().get("epoch")).distinct().toList());
    orders.assertEmittedOnce();
    orders.assertLatestIsEmitted();
  }

  @Test
  void handoverToQueryIsRefusedDuringTheInitialSnapshot() {
    // Given
    settings.put("snapshot.chunk.size", "1");
    orders.insert(1, 5);
    try (CaptureRun run = orders.capture("log")) {
      while (orders.emitted().isEmpty()) {
        orders.add(run.poll());
      }
    }

    // When
    try (CaptureRun run = orders.capture("query")) {
      ConnectException refused = assertThrows(ConnectException.class, run::poll);

      // Then
      assertTrue(String.valueOf(refused.getMessage()).contains("snapshot"));
    }
  }

  @Test
  void handoverToLogIsRefusedUntilAllShardsAreCaptured() {
    // Given
    orders.insert(1, 5);
    try (CaptureRun run = orders.capture("log")) {
      orders.poll(run, 5);
    }
    settings.put(OrdersSourceConfig.TASK_SHARDS, "0,1");
    try (CaptureRun run = orders.capture("query")) {
      run.poll();
    }

    // When
    try (CaptureRun run = orders.capture("log")) {
      ConnectException refused = assertThrows(ConnectException.class, run::poll);

      // Then
      assertTrue(String.valueOf(refused.getMessage()).contains("the shards [2, 3]"));
    }
  }

  @Test
  void offsetsOfBothCapturesCanBeResetAtOnce() {
    // Given
    orders.insert(1, 5);
    try (CaptureRun run = orders.capture("query")) {
      orders.poll(run, 5);
    }
    try (CaptureRun run = orders.capture("log")) {
      orders.poll(run, 0);
      orders.change(1, "running");
      orders.poll(run, 1);
    }
    Map<Map<String, ?>, Map<String, ?>> reset = new HashMap<>(orders.offsets());
    reset.replaceAll((partition, offset) -> null);

    // When
    boolean altered = new OrdersSourceConnector().alterOffsets(settings, reset);

    // Then
    assertTrue(altered);
    assertTrue(new OrdersSourceConnector().alterOffsets(settings, orders.offsets()));
  }
}
