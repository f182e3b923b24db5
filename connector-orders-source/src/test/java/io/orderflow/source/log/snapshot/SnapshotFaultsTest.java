package io.orderflow.source.log.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SnapshotFaultsTest {

  private final SnapshotRun run = new SnapshotRun(Postgres.newShop());
  private final Shop shop = run.shop();

  @AfterEach
  void close() {
    run.close();
  }

  @Test
  void eachChunkHasTheSchemaUnderWhichItWasRead() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 100) n");
    InitialSnapshot snapshot = run.start(1, run.now(), null);
    List<ChunkEvents> chunks = new ArrayList<>();
    while (chunks.isEmpty()) {
      SnapshotRun.addNext(snapshot, chunks);
    }

    // When
    shop.run("ALTER TABLE orders ADD COLUMN note text DEFAULT 'x'");
    chunks.addAll(SnapshotRun.all(snapshot));

    // Then
    assertEquals(100, SnapshotRun.orders(chunks).size());
    assertEquals(3, chunks.get(0).schema().orders().columns().size());
    assertEquals(4, chunks.get(99).schema().orders().columns().size());
    assertTrue(
        chunks.stream()
            .allMatch(
                chunk ->
                    chunk.events().stream()
                        .allMatch(
                            emitted ->
                                emitted.event().values().size()
                                    == chunk.schema().orders().columns().size())));
  }

  @Test
  void connectionsThatAreCutCostTime() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("INSERT INTO orders SELECT n FROM generate_series(1, 200) n");
    InitialSnapshot snapshot = run.start(5, run.now(), null);

    // When
    List<ChunkEvents> chunks = new ArrayList<>();
    while (!snapshot.isComplete()) {
      if (SnapshotRun.addNext(snapshot, chunks) && chunks.size() % 5 == 0) {
        shop.value(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'snapshot'");
      }
    }

    // Then
    assertEquals(
        LongStream.rangeClosed(1, 200).boxed().toList(),
        SnapshotRun.orders(chunks).stream().map(OrderEvent::id).toList());
  }

  @Test
  void closeEndsASnapshotThatWaitsForALock() throws Exception {
    // Given
    run.tables("bigint");
    try (Connection change = shop.connect();
        Statement statement = change.createStatement()) {
      change.setAutoCommit(false);
      statement.execute("LOCK TABLE orders");
      InitialSnapshot snapshot = run.start(5, run.now(), null);
      run.awaitTrue("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted");

      // When
      assertTimeoutPreemptively(Duration.ofSeconds(3), snapshot::close);

      // Then
      run.awaitTrue("SELECT count(*) = 0 FROM pg_locks WHERE NOT granted");
      assertEquals(Optional.empty(), snapshot.next(Map.of(), SnapshotRun.STREAMED));
    }
  }

  @Test
  void tablesThatCannotBeReadAreReported() throws Exception {
    // Given
    run.tables("bigint");
    shop.run("ALTER TABLE order_items RENAME COLUMN order_id TO other");
    InitialSnapshot snapshot = run.start(5, run.now(), null);

    // Then
    UnusableTablesException failure =
        assertThrows(UnusableTablesException.class, () -> SnapshotRun.all(snapshot));
    assertEquals("items.order.id.column", failure.key());
  }

  @Test
  void serverThatTheCheckRefusesIsNotRead() throws Exception {
    // Given
    run.tables("bigint");
    InitialSnapshot snapshot =
        run.start(
            5,
            run.now(),
            null,
            connection -> {
              throw new IllegalStateException("another cluster");
            });

    // Then
    assertEquals(
        "another cluster",
        assertThrows(IllegalStateException.class, () -> SnapshotRun.all(snapshot)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE order_items ALTER COLUMN line_no TYPE bigint",
        "ALTER TABLE orders ADD COLUMN random float DEFAULT random()",
        "VACUUM FULL orders"
      })
  void tableThatIsRewrittenLosesNoOrder(String rewrite) throws Exception {
    // Given
    run.tables("bigint");
    shop.run(
        "INSERT INTO orders SELECT n FROM generate_series(1, 100) n; INSERT INTO order_items SELECT n, 1, 'a' FROM generate_series(1, 100) n");
    TransactionSnapshot since = run.now();
    String files = run.files();

    // When
    shop.run(rewrite);
    List<ChunkEvents> chunks = SnapshotRun.all(run.start(30, since, null, files, connection -> {}));

    // Then
    assertEquals(
        LongStream.rangeClosed(1, 100).boxed().toList(),
        SnapshotRun.orders(chunks).stream().map(OrderEvent::id).toList());
  }
}
