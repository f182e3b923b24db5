package io.orderflow.source;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.source.event.Decimals;
import io.orderflow.source.event.ShopTables;
import io.orderflow.source.event.Snapshot;
import io.orderflow.source.log.load.Chunk;
import io.orderflow.source.log.load.Load;
import io.orderflow.source.log.load.LoadSettings;
import io.orderflow.source.whole.WholeOrder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A shop whose orders are loaded, perhaps several times. */
record LoadRun(Shop shop, List<Load> loads) implements AutoCloseable {

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

  Snapshot now() {
    return Snapshot.parse(shop.value("SELECT pg_current_snapshot()"));
  }

  Load load(int chunkOrders, Snapshot since, @Nullable String loadedTo) {
    return load(chunkOrders, since, loadedTo, connection -> {});
  }

  Load load(int chunkOrders, Snapshot since, @Nullable String loadedTo, Load.ServerCheck check) {
    ShopTables tables =
        new ShopTables(
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
    LoadSettings settings = new LoadSettings(tables, Decimals.DECIMAL, 2, chunkOrders);
    Load load = Load.begin(settings, database, since, loadedTo, check);
    loads.add(load);
    return load;
  }

  static List<Chunk> all(Load load) throws SQLException {
    List<Chunk> chunks = new ArrayList<>();
    while (!load.done()) {
      add(load, chunks);
    }
    return chunks;
  }

  static boolean add(Load load, List<Chunk> chunks) throws SQLException {
    Chunk chunk = load.next(ANYWHERE);
    if (chunk == null) {
      Thread.onSpinWait();
      return false;
    }
    return chunks.add(chunk);
  }

  static List<WholeOrder> orders(List<Chunk> chunks) {
    return chunks.stream().flatMap(chunk -> chunk.orders().stream()).toList();
  }

  void waitUntil(String condition) throws InterruptedException {
    while (!shop.value(condition).equals("t")) {
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    loads.forEach(Load::close);
  }
}
