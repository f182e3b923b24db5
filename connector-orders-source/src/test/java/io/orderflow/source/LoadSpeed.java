package io.orderflow.source;

import com.sun.management.OperatingSystemMXBean;
import io.orderflow.common.database.Database;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.snapshot.Chunk;
import io.orderflow.source.log.snapshot.InitialSnapshot;
import io.orderflow.source.log.snapshot.SnapshotSettings;
import io.orderflow.source.offset.TransactionSnapshot;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** How fast the load reads orders that are there already; a program, not a test. */
final class LoadSpeed {

  /** A setting of the driver, to see what it does: -Ddriver=name=value. */
  private static final Map<String, String> DRIVER =
      System.getProperty("driver") == null
          ? Map.of()
          : Map.of(
              "database.driver." + System.getProperty("driver").split("=", 2)[0],
              System.getProperty("driver").split("=", 2)[1]);

  private LoadSpeed() {}

  /** Orders, then the sizes of chunks that are tried one after the other. */
  public static void main(String[] args) throws Exception {
    int orders = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    Shop shop = Shop.installed();
    shop.run(
        """
        ALTER TABLE orders DISABLE TRIGGER USER;
        ALTER TABLE order_items DISABLE TRIGGER USER;
        ALTER TABLE orders ADD COLUMN customer_id bigint, ADD COLUMN currency text, ADD COLUMN email text,
          ADD COLUMN created_at timestamptz, ADD COLUMN updated_at timestamptz;
        ALTER TABLE order_items ADD COLUMN price numeric(12,2);
        INSERT INTO orders (id, status, total, customer_id, currency, email, created_at, updated_at)
          SELECT n, 'PAID', n %% 1000 + 0.99, n %% 50000, 'EUR', 'customer' || n %% 50000 || '@example.com', now(), now()
          FROM generate_series(1, %1$d) n;
        INSERT INTO order_items (order_id, line_no, sku, quantity, price)
          SELECT n, l, 'sku-' || (n * 7 + l) %% 10000, 1 + n %% 3, 9.99
          FROM generate_series(1, %1$d) n, generate_series(1, 2 + n %% 2) l;
        """
            .formatted(orders));
    shop.run("VACUUM (ANALYZE, FREEZE) orders");
    shop.run("VACUUM (ANALYZE, FREEZE) order_items");
    run(shop, orders, 2, 5_000);
    for (int i = 1; i < Math.max(2, args.length); i++) {
      int chunk = args.length > 1 ? Integer.parseInt(args[i]) : 5_000;
      run(shop, orders, 1, chunk);
      run(shop, orders, 2, chunk);
    }
  }

  private static void run(Shop shop, int orders, int connections, int chunk) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    OrdersSourceConfig config = shop.config(DRIVER);
    SnapshotSettings settings =
        new SnapshotSettings(config.tables(), config.decimals(), connections, chunk);
    Database database =
        Database.open(
            config.queryDatabase(), Database.Mode.SNAPSHOT_READ_ONLY, "load", connections);
    TransactionSnapshot since =
        TransactionSnapshot.parse(shop.value("SELECT pg_current_snapshot()"));
    double server = serverCpu(shop);
    long cpu = system.getProcessCpuTime();
    long began = System.nanoTime();
    long read = 0;
    long items = 0;
    try (InitialSnapshot load =
        InitialSnapshot.begin(settings, database, since, null, connection -> {})) {
      while (!load.done()) {
        Chunk next = load.next(Long.MAX_VALUE);
        if (next == null) {
          Thread.sleep(1);
          continue;
        }
        read += next.orders().size();
        items += next.orders().stream().mapToLong(order -> order.items().size()).sum();
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "connections %d, chunk %d: %,d orders, %,d items, %,.0f orders/s, CPU seconds: Java %.1f, PostgreSQL %.1f%n",
        connections,
        chunk,
        read,
        items,
        read / seconds,
        (system.getProcessCpuTime() - cpu) / 1e9,
        serverCpu(shop) - server);
    if (read != orders) {
      throw new IllegalStateException("expected " + orders + " orders");
    }
  }

  /** Seconds of the server's processes that have ended, as Linux tells them. */
  private static double serverCpu(Shop shop) throws Exception {
    Thread.sleep(200);
    String pid = shop.value("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)");
    String stat = Files.readString(Path.of("/proc", pid, "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0;
  }
}
