package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.log.snapshot.Chunk;
import io.orderflow.source.log.snapshot.InitialSnapshot;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class InitialSnapshotTest {

  private final LoadRun run = new LoadRun(Postgres.newShop());
  private final Shop shop = run.shop();

  @AfterEach
  void close() {
    run.close();
  }

  @ParameterizedTest
  @CsvSource({"bigint", "integer", "text", "uuid"})
  void everyOrderIsLoadedOnceInTheOrderOfTheKey(String idType) throws Exception {
    // Given
    run.tables(idType);
    String id = idType.equals("uuid") ? "md5(n::text)::uuid" : "n::text::" + idType;
    shop.run(
        "INSERT INTO orders SELECT %1$s FROM generate_series(1, 250) n; INSERT INTO order_items SELECT %1$s, l, 'a' FROM generate_series(1, 250) n, generate_series(1, 2) l"
            .formatted(id));

    shop.run("ANALYZE orders");

    // When
    InitialSnapshot load = run.load(20, run.now(), null);
    List<Chunk> chunks = LoadRun.all(load);

    // Then
    List<String> expected =
        List.of(shop.value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM orders").split(" "));
    assertEquals(
        expected, LoadRun.orders(chunks).stream().map(order -> order.id().toString()).toList());
    assertTrue(LoadRun.orders(chunks).stream().allMatch(order -> order.items().size() == 2));
    assertEquals(250, load.estimatedOrders());
    assertEquals(13, chunks.size());
    assertEquals(expected.get(19), chunks.get(0).lastId());
    assertEquals(
        LongStream.range(0, 13).boxed().toList(), chunks.stream().map(Chunk::number).toList());
  }

  @Test
  void loadGoesOnAfterTheOrderItHadReached() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 100) n");

    // When
    List<Chunk> chunks = LoadRun.all(run.load(30, run.now(), "40"));

    // Then
    assertEquals(
        LongStream.rangeClosed(41, 100).boxed().toList(),
        LoadRun.orders(chunks).stream().map(OrderSnapshot::id).toList());
  }

  @ParameterizedTest
  @CsvSource({"0, 10, 1", "1, 10, 1", "9, 10, 1", "10, 10, 2", "11, 10, 2", "3, 1, 4"})
  void lastChunkHoldsTheRest(int count, int chunkOrders, int expected) throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, %d) n".formatted(count));

    // When
    List<Chunk> chunks = LoadRun.all(run.load(chunkOrders, run.now(), null));

    // Then
    assertEquals(count, LoadRun.orders(chunks).size());
    assertEquals(expected, chunks.size());
    assertTrue(chunks.get(expected - 1).last());
    assertNull(chunks.get(expected - 1).lastId());
  }

  @Test
  void whatTheStreamTellsIsLeftOut() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 100) n");
    TransactionSnapshot since = run.now();
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 10");
    shop.run("INSERT INTO order_items VALUES (20, 1, 'a')");
    shop.run("INSERT INTO orders VALUES (15000), (101)");
    InitialSnapshot load = run.load(1000, since, null);

    // When
    Chunk chunk = null;
    load.told(Long.parseLong(shop.value("SELECT pg_snapshot_xmax(pg_current_snapshot())")), 30);
    while (chunk == null) {
      chunk = load.next(LoadRun.ANYWHERE);
    }

    // Then
    Set<Object> missing =
        new TreeSet<>(LongStream.rangeClosed(1, 101).boxed().collect(Collectors.toSet()));
    chunk.orders().forEach(order -> missing.remove(order.id()));
    assertEquals(Set.of(10L, 20L, 30L, 101L), missing);
  }

  @Test
  void chunkWaitsUntilTheStreamHasComePastWhatItShows() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders VALUES (1)");
    InitialSnapshot load = run.load(10, run.now(), null);

    // When
    Chunk tooEarly = null;
    for (int i = 0; i < 20; i++) {
      tooEarly = load.next(1);
      Thread.sleep(20);
    }

    // Then
    assertNull(tooEarly);
    assertEquals(1, LoadRun.all(load).size());
    assertTrue(load.done());
    assertNull(load.next(LoadRun.ANYWHERE));
  }

  @Test
  void readersKeepFewChunks() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 100) n");
    InitialSnapshot load = run.load(1, run.now(), null);
    run.waitUntil(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'load' AND state = 'idle'");
    Thread.sleep(300);

    // When
    shop.run("UPDATE orders SET status = 'LATER'");
    List<Chunk> chunks = LoadRun.all(load);

    // Then
    assertTrue(LoadRun.orders(chunks).size() <= 3);
  }
}
