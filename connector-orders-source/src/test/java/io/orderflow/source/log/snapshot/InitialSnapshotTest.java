package io.orderflow.source.log.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class InitialSnapshotTest {

  /** The readers have read and wait for room. */
  private static final String IDLE_READERS =
      "SELECT count(*) > 0 AND bool_and(state = 'idle') FROM pg_stat_activity WHERE application_name = 'snapshot'";

  private final SnapshotRun run = new SnapshotRun(Postgres.newShop());
  private final Shop shop = run.shop();

  @AfterEach
  void close() {
    run.close();
  }

  @ParameterizedTest
  @CsvSource({"bigint", "integer", "text", "uuid"})
  void everyOrderIsEmittedOnceInTheOrderOfTheKey(String idType) throws Exception {
    // Given
    run.tables(idType);
    String id = idType.equals("uuid") ? "md5(n::text)::uuid" : "n::text::" + idType;
    shop.run(
        "INSERT INTO orders SELECT %1$s FROM generate_series(1, 250) n; INSERT INTO order_items SELECT %1$s, l, 'a' FROM generate_series(1, 250) n, generate_series(1, 2) l"
            .formatted(id));

    shop.run("ANALYZE orders");

    // When
    InitialSnapshot snapshot = run.start(20, run.now(), null);
    List<ChunkEvents> chunks = SnapshotRun.all(snapshot);

    // Then
    List<String> expected =
        List.of(shop.value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM orders").split(" "));
    assertEquals(
        expected, SnapshotRun.orders(chunks).stream().map(order -> order.id().toString()).toList());
    assertTrue(SnapshotRun.orders(chunks).stream().allMatch(order -> order.items().size() == 2));
    assertEquals(13, chunks.size());
    assertEquals(expected.get(19), chunks.get(0).offset().snapshotReached());
  }

  @Test
  void resumesAfterTheOrderThatItHadReached() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 100) n");

    // When
    List<ChunkEvents> chunks = SnapshotRun.all(run.start(30, run.now(), "40"));

    // Then
    assertEquals(
        LongStream.rangeClosed(41, 100).boxed().toList(),
        SnapshotRun.orders(chunks).stream().map(OrderEvent::id).toList());
  }

  @ParameterizedTest
  @CsvSource({"0, 10, 1", "1, 10, 1", "9, 10, 1", "10, 10, 2", "11, 10, 2", "3, 1, 4"})
  void lastChunkHoldsTheRest(int count, int chunkOrders, int expected) throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, %d) n".formatted(count));

    // When
    List<ChunkEvents> chunks = SnapshotRun.all(run.start(chunkOrders, run.now(), null));

    // Then
    assertEquals(count, SnapshotRun.orders(chunks).size());
    assertEquals(expected, chunks.size());
    assertFalse(chunks.get(expected - 1).offset().isInSnapshot());
  }

  @Test
  void ordersInTheStreamAreLeftOut() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 100) n");
    TransactionSnapshot since = run.now();
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 10");
    shop.run("INSERT INTO order_items VALUES (20, 1, 'a')");
    shop.run("INSERT INTO orders VALUES (15000), (101)");
    InitialSnapshot snapshot = run.start(1000, since, null);

    // When
    snapshot.orderStreamed(
        Long.parseLong(shop.value("SELECT pg_snapshot_xmax(pg_current_snapshot())")), 30);
    List<ChunkEvents> chunks = SnapshotRun.all(snapshot);

    // Then
    Set<Object> missing =
        new TreeSet<>(LongStream.rangeClosed(1, 101).boxed().collect(Collectors.toSet()));
    SnapshotRun.orders(chunks).forEach(order -> missing.remove(order.id()));
    assertEquals(Set.of(10L, 20L, 30L, 101L), missing);
  }

  @Test
  void chunkWaitsUntilTheStreamIsPastItsHighWatermark() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders VALUES (1)");
    InitialSnapshot snapshot = run.start(10, run.now(), null);

    // When
    LogOffset early = LogOffset.start(new Lsn(1), "system", "1:1:", null, 0);
    run.awaitTrue(IDLE_READERS);

    // Then
    assertEquals(Optional.empty(), snapshot.next(Map.of(), early));
    assertEquals(1, SnapshotRun.all(snapshot).size());
    assertTrue(snapshot.isComplete());
    assertEquals(Optional.empty(), snapshot.next(Map.of(), SnapshotRun.STREAMED));
  }

  @Test
  void readersKeepFewChunks() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 100) n");
    InitialSnapshot snapshot = run.start(1, run.now(), null);
    Awaitility.await()
        .during(Duration.ofMillis(100))
        .until(() -> shop.value(IDLE_READERS).equals("t"));

    // When
    shop.run("UPDATE orders SET status = 'LATER'");
    List<ChunkEvents> chunks = SnapshotRun.all(snapshot);

    // Then
    assertTrue(SnapshotRun.orders(chunks).size() <= 3);
  }
}
