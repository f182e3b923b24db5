package io.orderflow.source;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The slot is never confirmed past what Connect has stored: otherwise a restart would find that the
 * server no longer has the log from the stored offset on.
 */
class AcknowledgementTest {

  private static final long MAX_WAIT_NANOS = 20_000_000_000L;

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @AfterEach
  void drop() {
    shop.dropSlots();
  }

  @Test
  void lostConnectionConfirmsNothingThatIsNotStored() {
    // Given: a record that is not delivered
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
      run.records(1);
      run.commit();
      shop.run("UPDATE orders SET status = 'PAID'");
      String undelivered = lsn(run.records(1));

      // When
      shop.run("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_replication");
      shop.run("UPDATE orders SET status = 'SHIPPED'");
      run.records(1);
      awaitStatus(run);

      // Then
      assertEquals("t", confirmed("<", undelivered));
    }
  }

  @Test
  void transactionsWithoutEventsAreNotConfirmedWithTheEventsBefore() {
    // Given: the transactions of one poll, of which the last are filtered
    Map<String, String> settings = shop.logSettings(Map.of("orders.where", "status = 'NEW'"));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.poll();
      shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
      shop.run("INSERT INTO orders VALUES (2, 'DRAFT', 1)");
      shop.run("INSERT INTO orders VALUES (3, 'DRAFT', 1)");
      await().until(() -> run.metric("queued-transactions") == 3);
      String stored = lsn(run.records(1));

      // When
      run.commit();
      awaitStatus(run);

      // Then
      assertEquals("t", confirmed("<=", stored));
    }
  }

  private static String lsn(List<SourceRecord> records) {
    return String.valueOf(records.get(records.size() - 1).sourceOffset().get("lsn"));
  }

  /** Compares the slot's confirmed position with an LSN. */
  private String confirmed(String operator, String lsn) {
    return shop.value(
        "SELECT confirmed_flush_lsn %s '%s' FROM pg_replication_slots WHERE database = current_database()"
            .formatted(operator, lsn));
  }

  /**
   * Polls until the server has received two more statuses, so that one was sent after this call.
   */
  private void awaitStatus(CaptureRun run) {
    for (int i = 0; i < 2; i++) {
      String last = replyTime();
      long began = System.nanoTime();
      while (replyTime().equals(last)) {
        assertTrue(System.nanoTime() - began < MAX_WAIT_NANOS, "the server receives no status");
        run.poll();
      }
    }
  }

  private String replyTime() {
    return String.valueOf(shop.value("SELECT max(reply_time)::text FROM pg_stat_replication"));
  }
}
