package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.log.snapshot.Chunk;
import io.orderflow.source.log.snapshot.InitialSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadFaultsTest {

  private final LoadRun run = new LoadRun(Postgres.newShop());
  private final Shop shop = run.shop();

  @AfterEach
  void close() {
    run.close();
  }

  @Test
  void eachChunkHasTheLayoutThatItWasReadBy() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 100) n");
    InitialSnapshot load = run.load(1, run.now(), null);
    List<Chunk> chunks = new ArrayList<>();
    while (chunks.isEmpty()) {
      LoadRun.add(load, chunks);
    }

    // When
    shop.run("ALTER TABLE orders ADD COLUMN note text DEFAULT 'x'");
    chunks.addAll(LoadRun.all(load));

    // Then
    assertEquals(100, LoadRun.orders(chunks).size());
    assertEquals(3, chunks.get(0).layout().orders().columns().size());
    assertEquals(4, chunks.get(99).layout().orders().columns().size());
    assertTrue(
        chunks.stream()
            .allMatch(
                chunk ->
                    chunk.orders().stream()
                        .allMatch(
                            order ->
                                order.values().size()
                                    == chunk.layout().orders().columns().size())));
  }

  @Test
  void connectionsThatAreCutCostTime() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 200) n");
    InitialSnapshot load = run.load(5, run.now(), null);

    // When
    List<Chunk> chunks = new ArrayList<>();
    while (!load.done()) {
      if (LoadRun.add(load, chunks) && chunks.size() % 5 == 0) {
        shop.value(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'load'");
      }
    }

    // Then
    assertEquals(
        LongStream.rangeClosed(1, 200).boxed().toList(),
        LoadRun.orders(chunks).stream().map(OrderSnapshot::id).toList());
  }

  @Test
  void closeEndsALoadThatWaitsForALock() throws Exception {
    // Given
    run.tables("bigint");
    try (Connection change = shop.connect();
        Statement statement = change.createStatement()) {
      change.setAutoCommit(false);
      statement.execute("LOCK TABLE orders");
      InitialSnapshot load = run.load(5, run.now(), null);
      run.waitUntil("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");

      // When
      assertTimeoutPreemptively(Duration.ofSeconds(3), load::close);

      // Then
      run.waitUntil("SELECT count(*) = 0 FROM pg_locks WHERE NOT granted");
      assertNull(load.next(LoadRun.ANYWHERE));
    }
  }

  @Test
  void tablesThatCannotBeReadAreTold() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("ALTER TABLE order_items RENAME COLUMN order_id TO other");
    InitialSnapshot load = run.load(5, run.now(), null);

    // Then
    UnusableTablesException failure =
        assertThrows(UnusableTablesException.class, () -> LoadRun.all(load));
    assertEquals("items.order.id.column", failure.key());
  }

  @Test
  void serverThatTheCheckRefusesIsNotRead() throws Exception {
    // Given
    run.tables("bigint");
    InitialSnapshot load =
        run.load(
            5,
            run.now(),
            null,
            connection -> {
              throw new IllegalStateException("another cluster");
            });

    // Then
    assertEquals(
        "another cluster",
        assertThrows(IllegalStateException.class, () -> LoadRun.all(load)).getMessage());
  }
}
