package io.orderflow.source.log.snapshot;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.source.catalog.TableFiles;
import io.orderflow.source.event.EmittedEvent;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.log.snapshot.InitialSnapshot.SnapshotSettings;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.RowCondition;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A database whose existing orders are captured by initial snapshots. */
record SnapshotRun(Shop shop, List<InitialSnapshot> snapshots) implements AutoCloseable {

  /** The stream has emitted everything. */
  static final LogOffset STREAMED =
      LogOffset.start(new Lsn(Long.MAX_VALUE), "system", "1:1:", null, 0);

  private static final CapturedTables TABLES =
      new CapturedTables(
          new TableName("public", "orders"),
          null,
          new TableName("public", "order_items"),
          "order_id",
          null,
          null,
          "change_xid");

  SnapshotRun(Shop shop) {
    this(shop, new ArrayList<>());
  }

  void tables(String idType) {
    shop.run(
        """
        CREATE TABLE orders (id %1$s PRIMARY KEY, status text DEFAULT 'NEW', change_xid xid8 NOT NULL DEFAULT '0');
        CREATE TABLE order_items (order_id %1$s, line_no int, sku text, PRIMARY KEY (order_id, line_no));
        """
            .formatted(idType));
  }

  TransactionSnapshot now() {
    return TransactionSnapshot.parse(shop.value("SELECT pg_current_snapshot()"));
  }

  InitialSnapshot start(int chunkSize, TransactionSnapshot since, @Nullable String reached) {
    return start(chunkSize, since, reached, connection -> {});
  }

  InitialSnapshot start(
      int chunkSize,
      TransactionSnapshot since,
      @Nullable String reached,
      InitialSnapshot.ServerCheck check) {
    return start(chunkSize, since, reached, null, check);
  }

  /** The tables' files. */
  String files() throws SQLException {
    try (Connection connection = shop.connect()) {
      return TableFiles.readFiles(connection, TABLES);
    }
  }

  InitialSnapshot start(
      int chunkSize,
      TransactionSnapshot since,
      @Nullable String reached,
      @Nullable String files,
      InitialSnapshot.ServerCheck check) {
    Duration limit = Duration.ofSeconds(20);
    Database database =
        Database.open(
            new DatabaseSettings(shop.url(), "postgres", null, limit, limit, Map.of()),
            Database.Mode.SNAPSHOT_READ_ONLY,
            "snapshot",
            2);
    SnapshotSettings settings =
        new SnapshotSettings(
            TABLES,
            DecimalHandling.PRECISE,
            2,
            chunkSize,
            RetryTracker.backoff(Duration.ofMillis(10), Duration.ofMillis(100)),
            files,
            true,
            schema -> RowCondition.NONE);
    InitialSnapshot snapshot = InitialSnapshot.start(settings, database, since, reached, check);
    snapshots.add(snapshot);
    return snapshot;
  }

  static List<ChunkEvents> all(InitialSnapshot snapshot) throws SQLException {
    List<ChunkEvents> chunks = new ArrayList<>();
    while (!snapshot.isComplete()) {
      addNext(snapshot, chunks);
    }
    return chunks;
  }

  /** Adds the next chunk, if one can be emitted; false if none can yet. */
  static boolean addNext(InitialSnapshot snapshot, List<ChunkEvents> chunks) throws SQLException {
    Optional<ChunkEvents> chunk = snapshot.next(Map.of(), STREAMED);
    if (chunk.isEmpty()) {
      Thread.onSpinWait();
      return false;
    }
    return chunks.add(chunk.get());
  }

  static List<OrderEvent> orders(List<ChunkEvents> chunks) {
    return chunks.stream()
        .flatMap(chunk -> chunk.events().stream())
        .map(EmittedEvent::event)
        .toList();
  }

  void awaitTrue(String condition) {
    Awaitility.await().until(() -> shop.value(condition).equals("t"));
  }

  @Override
  public void close() {
    snapshots.forEach(InitialSnapshot::close);
  }
}
