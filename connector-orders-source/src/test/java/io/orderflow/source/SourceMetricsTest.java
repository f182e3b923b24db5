package io.orderflow.source;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The metrics of a task while it captures. */
class SourceMetricsTest {

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @Test
  void eventsAndTheirItemsAreCountedByKind() {
    // Given
    shop.run(
        """
        INSERT INTO orders SELECT n, 'PAID', 1 FROM generate_series(1, 5) n;
        INSERT INTO order_items SELECT n, 1, 'A', 1 FROM generate_series(1, 5) n
        """);
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(5);

      // When
      shop.run("UPDATE orders SET status = 'SHIPPED' WHERE id < 3");
      run.records(2);

      // Then
      assertEquals(5, run.metric("events-total", "kind", "snapshot"));
      assertEquals(2, run.metric("events-total", "kind", "change"));
      assertEquals(7, run.metric("items-total"));
      assertEquals(2, run.metric("capture-latency-seconds-count"));
      assertEquals(2, run.metric("capture-latency-seconds-bucket", "le", "+Inf"));
      assertEquals(5, run.metric("batch-events-max"));
      assertEquals(100, run.metric("snapshot-progress-percent"));
      assertEquals(0, run.metric("snapshot-remaining-seconds"));
      assertTrue(run.metric("phase-time-ms-total", "phase", "orders") > 0);
      assertTrue(run.metric("lag-seconds") < 30);
      assertEquals(0, run.metric("connections-waiting"));
    }
  }

  @Test
  void lagCountsOrdersBeyondThePage() {
    // Given
    Map<String, String> small = shop.settings(Map.of("batch.max.orders", "20"));
    shop.run("INSERT INTO orders SELECT n, 'PAID', 1 FROM generate_series(1, 100) n");
    try (CaptureRun run = new CaptureRun(small, offsets)) {
      // When
      run.poll();

      // Then
      // The initial snapshot is not complete yet.
      assertTrue(Double.isNaN(run.metric("lag-orders")));

      // When
      run.records(80);

      // Then
      assertEquals(0, run.metric("lag-orders"));

      // When
      shop.run("UPDATE orders SET status = 'SHIPPED'");
      int emitted = run.poll().size();

      // Then
      assertEquals(100 - emitted, run.metric("lag-orders"));

      // When
      run.records(100 - emitted);

      // Then
      assertEquals(0, run.metric("lag-orders"));
    }
  }

  @Test
  void lagCountsOrdersInQueuedTransactions() throws InterruptedException {
    // Given
    Map<String, String> settings = shop.logSettings(Map.of("batch.max.orders", "1"));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      while (run.metric("snapshot-progress-percent") != 100) {
        run.poll();
      }

      // When
      for (int id = 1; id <= 5; id++) {
        shop.run("INSERT INTO orders VALUES (%d, 'PAID', 1), (%d, 'PAID', 1)".formatted(id, -id));
      }
      for (int i = 0; i < 10_000 && run.metric("lag-orders") < 10; i++) {
        Thread.sleep(20);
      }

      // Then
      assertEquals(10, run.metric("lag-orders"));
      assertEquals(5, run.metric("queued-transactions"));

      // When
      int emitted = 0;
      while (emitted == 0) {
        emitted = run.poll().size();
      }

      // Then
      assertEquals(10 - emitted, run.metric("lag-orders"));
      run.records(10 - emitted);
      assertEquals(0, run.metric("lag-orders"));
    } finally {
      shop.dropSlots();
    }
  }

  /** Nothing is streamed, as while the server decodes a large transaction. */
  @Test
  void lagGrowsWhileTheServerSendsNothing() throws Exception {
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      // Given
      pollFor(run, 1_500);
      assertTrue(run.metric("lag-seconds") < 1.5);
      String sender = shop.value("SELECT pid FROM pg_stat_replication");
      signal("STOP", sender);

      // When
      try {
        shop.run("INSERT INTO orders VALUES (1, 'PAID', 1)");
        pollFor(run, 3_000);

        // Then
        assertTrue(run.metric("lag-seconds") > 1.5);
      } finally {
        signal("CONT", sender);
      }
      run.records(1);
      await()
          .pollInSameThread()
          .until(
              () -> {
                run.poll();
                return run.metric("lag-seconds") < 1.5;
              });
    } finally {
      shop.dropSlots();
    }
  }

  private static void signal(String signal, String pid) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
  }

  @Test
  void horizonAgeGrowsUntilTheRunningTransactionEnds() throws SQLException {
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets);
        Connection other = shop.connect();
        Statement statement = other.createStatement()) {
      // Given
      run.poll();
      other.setAutoCommit(false);
      statement.execute("SELECT pg_current_xact_id()");
      shop.run("INSERT INTO orders VALUES (1, 'PAID', 1)");

      // When
      pollFor(run, 3_000);

      // Then
      // The age is that of the transaction, not that of its first observation.
      double age = run.metric("horizon-age-seconds");
      assertTrue(age > 1, "age " + age);
      assertTrue(run.metric("lag-seconds") > 1);
      assertEquals(1, run.metric("lag-orders"));

      // When
      other.rollback();
      pollFor(run, 1_500);

      // Then
      assertTrue(run.metric("horizon-age-seconds") < age);
      assertTrue(run.metric("lag-seconds") < age);
    }
  }

  @Test
  void initialSnapshotOfLogCaptureShowsItsProgress() {
    // Given
    shop.run("INSERT INTO orders SELECT n, 'PAID', 1 FROM generate_series(1, 1000) n");
    shop.run("ANALYZE orders");
    Map<String, String> settings = shop.logSettings(Map.of("snapshot.chunk.size", "100"));
    int emitted = 0;
    double half = 0;
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      // When
      while (emitted < 1_000) {
        emitted += run.poll().size();
        half = emitted == 500 ? run.metric("snapshot-progress-percent") : half;
      }

      // Then
      assertEquals(50, half, 1);
      run.poll();
      assertEquals(100, run.metric("snapshot-progress-percent"));
      assertEquals(1_000, run.metric("events-total", "kind", "snapshot"));
      assertEquals(0, run.metric("queued-transactions"));
    } finally {
      shop.dropSlots();
    }
  }

  @Test
  void resumedInitialSnapshotCountsOrdersEmittedBefore() {
    // Given
    shop.run("INSERT INTO orders SELECT n, 'PAID', 1 FROM generate_series(1, 1000) n");
    shop.run("ANALYZE orders");
    Map<String, String> settings = shop.logSettings(Map.of("snapshot.chunk.size", "100"));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      for (int emitted = 0; emitted < 700; ) {
        emitted += run.poll().size();
      }
    }

    // When
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      int more = 0;
      while (more == 0) {
        more = run.poll().size();
      }

      // Then
      assertEquals(80, run.metric("snapshot-progress-percent"), 3);
    } finally {
      shop.dropSlots();
    }
  }

  private static void pollFor(CaptureRun run, long millis) {
    long until = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < until) {
      run.poll();
    }
  }
}
