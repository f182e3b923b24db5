package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.CommitRequests;
import io.orderflow.source.fixture.Shop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogTransactionsTest {

  private final Shop shop = Shop.withTables();
  private final CommitRequests requests = new CommitRequests();
  private final CaptureRun run =
      new CaptureRun(shop.logSettings(Map.of("batch.max.orders", "10")), new HashMap<>(), requests);

  @AfterEach
  void stop() {
    run.close();
    shop.dropSlots();
  }

  @Test
  void longTransactionIsCommittedOnlyWithItsLastPart() {
    // Given
    run.records(0);
    run.records(0);
    assertFalse(requests.taken(), "A poll without records asks for nothing");

    // When
    shop.run("INSERT INTO orders SELECT n, 'NEW', n FROM generate_series(1, 25) n");

    // Then
    assertEquals(10, part());
    assertFalse(requests.taken());
    assertEquals(10, part());
    assertFalse(requests.taken());
    assertEquals(5, part());
    assertTrue(requests.taken());
  }

  @Test
  void transactionWithDeferredVersionsIsCommittedWithTheLaterOne() {
    // Given
    shop.run("ALTER TABLE orders ADD version bigint NOT NULL DEFAULT 1");
    shop.run("INSERT INTO orders SELECT n, 'NEW', n FROM generate_series(1, 30) n");
    try (CaptureRun versioned =
        new CaptureRun(
            shop.logSettings(
                Map.of(
                    "batch.max.orders", "2",
                    "version.column", "version",
                    "slot.name", "versioned")),
            new HashMap<>(),
            requests)) {
      versioned.records(30);
      requests.taken();

      // When
      shop.run("UPDATE orders SET version = version + 1 WHERE id IN (1, 2)");
      shop.run("UPDATE orders SET version = version + 1 WHERE id IN (1, 3)");
      List<Object> first = keys(versioned);
      boolean early = requests.taken();
      List<Object> second = keys(versioned);
      boolean late = requests.taken();

      // Then
      assertEquals(List.of(2L), first, "Order 1 is deferred to the later transaction");
      assertFalse(early);
      assertEquals(List.of(1L, 3L), second);
      assertTrue(late);
    }
  }

  private static List<Object> keys(CaptureRun run) {
    List<Object> keys = List.of();
    for (int i = 0; i < 10_000 && keys.isEmpty(); i++) {
      keys = run.poll().stream().map(SourceRecord::key).toList();
    }
    return keys;
  }

  private int part() {
    int size = 0;
    for (int i = 0; i < 10_000 && size == 0; i++) {
      size = run.poll().size();
    }
    return size;
  }
}
