package io.orderflow.source;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.source.log.snapshot.Chunk;
import io.orderflow.source.log.snapshot.InitialSnapshot;
import io.orderflow.source.log.snapshot.SnapshotSettings;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A shop whose orders are loaded, perhaps several times. */
record LoadRun(Shop shop, List<InitialSnapshot> loads) implements AutoCloseable {

  /** The stream has told everything. */
  static final long ANYWHERE = Long.MAX_VALUE;

  LoadRun(Shop shop) {
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

  InitialSnapshot load(int chunkOrders, TransactionSnapshot since, @Nullable String loadedTo) {
    return load(chunkOrders, since, loadedTo, connection -> {});
  }

  InitialSnapshot load(
      int chunkOrders,
      TransactionSnapshot since,
      @Nullable String loadedTo,
      InitialSnapshot.ServerCheck check) {
    CapturedTables tables =
        new CapturedTables(
            new TableName("public", "orders"),
            null,
            new TableName("public", "order_items"),
            "order_id",
            null,
            null,
            "change_xid");
    Duration limit = Duration.ofSeconds(20);
    Database database =
        Database.open(
            new DatabaseSettings(shop.url(), "postgres", null, limit, limit, Map.of()),
            Database.Mode.SNAPSHOT_READ_ONLY,
            "load",
            2);
    SnapshotSettings settings =
        new SnapshotSettings(tables, DecimalHandling.PRECISE, 2, chunkOrders);
    InitialSnapshot load = InitialSnapshot.begin(settings, database, since, loadedTo, check);
    loads.add(load);
    return load;
  }

  static List<Chunk> all(InitialSnapshot load) throws SQLException {
    List<Chunk> chunks = new ArrayList<>();
    while (!load.done()) {
      add(load, chunks);
    }
    return chunks;
  }

  static boolean add(InitialSnapshot load, List<Chunk> chunks) throws SQLException {
    Chunk chunk = load.next(ANYWHERE);
    if (chunk == null) {
      Thread.onSpinWait();
      return false;
    }
    return chunks.add(chunk);
  }

  static List<OrderSnapshot> orders(List<Chunk> chunks) {
    return chunks.stream().flatMap(chunk -> chunk.orders().stream()).toList();
  }

  void waitUntil(String condition) throws InterruptedException {
    while (!shop.value(condition).equals("t")) {
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    loads.forEach(InitialSnapshot::close);
  }
}
