package io.orderflow.sink;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.connect.sink.SinkRecord;

/** How fast one task applies records that are there already; a program, not a test. */
final class SinkLoad {

  private static final int SKUS = 10_000;

  private SinkLoad() {}

  public static void main(String[] args) throws SQLException {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 300_000;
    for (int round = 0; round < 3; round++) {
      payments(records, 5_000);
      orders(records / 2, 5_000);
    }
  }

  private static void payments(int records, int batch) throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = sink(database)) {
      run("payments, new", sink, batch, payments(records, 1, "PENDING"));
      run("payments, changed", sink, batch, payments(records, 2, "PAID"));
      List<SinkRecord> mixed = new ArrayList<>();
      for (int i = 0; i < records / 2; i++) {
        mixed.add(Events.payment((long) i, 3, "REFUNDED"));
        mixed.add(Events.order((long) i, 3, "CANCELLED"));
      }
      run("payments and empty orders", sink, batch, mixed);
      check(sink, database);
    }
  }

  private static List<SinkRecord> payments(int records, long version, String status) {
    return IntStream.range(0, records)
        .mapToObj(i -> Events.payment((long) i, version, status))
        .toList();
  }

  private static void orders(int records, int batch) throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = sink(database)) {
      database.execute(
          "INSERT INTO stock (sku, on_hand) SELECT 'sku-' || n, 100000000 FROM generate_series(0, "
              + (SKUS - 1)
              + ") n");
      run("orders, new", sink, batch, orders(records, 1, "PLACED"));
      run("orders, replayed", sink, batch, orders(records, 1, "PLACED"));
      run("orders, shipped", sink, batch, orders(records, 2, "SHIPPED"));
      check(sink, database);
    }
  }

  private static List<SinkRecord> orders(int records, long version, String status) {
    SplittableRandom random = new SplittableRandom(7);
    return IntStream.range(0, records)
        .mapToObj(i -> Events.order((long) i, version, status, items(random)))
        .toList();
  }

  /** Two or three, of which some SKUs are asked for much more than others. */
  private static String[] items(SplittableRandom random) {
    return IntStream.range(0, 2 + random.nextInt(2))
        .map(i -> (int) (SKUS * Math.pow(random.nextDouble(), 3)))
        .distinct()
        .mapToObj(sku -> "sku-" + sku + ":" + (1 + random.nextInt(3)))
        .toArray(String[]::new);
  }

  /** With an audit trail where the JVM has -Daudit=true. */
  private static RunningSink sink(WarehouseDatabase database) throws SQLException {
    Map<String, String> settings = RunningSink.settings(database);
    if (Boolean.getBoolean("audit")) {
      database.execute(WarehouseTables.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
      settings.put("audit", "true");
    }
    return RunningSink.with(settings, new FakeSinkContext(true));
  }

  private static void run(String what, RunningSink sink, int batch, List<SinkRecord> records) {
    long began = System.nanoTime();
    for (int from = 0; from < records.size(); from += batch) {
      sink.deliver(records.subList(from, Math.min(from + batch, records.size())));
    }
    sink.put();
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT, "%-28s batch %5d: %,9.0f/s%n", what, batch, records.size() / seconds);
  }

  private static void check(RunningSink sink, WarehouseDatabase database) throws SQLException {
    if (!sink.reported().isEmpty()) {
      throw new IllegalStateException("refused: " + sink.reported().get(0).cause().getMessage());
    }
    if (!database.drift().isEmpty()) {
      throw new IllegalStateException("drift");
    }
  }
}
