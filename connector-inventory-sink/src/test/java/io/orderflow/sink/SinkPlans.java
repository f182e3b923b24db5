package io.orderflow.sink;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Shows how PostgreSQL executes each statement of the sink on tables that are full; a program, not
 * a test. The plans are in the server's log, in the folder that {@code
 * -Dorderflow.test.postgres.log} names.
 */
final class SinkPlans {

  private static final int BATCH = 5_000;

  private SinkPlans() {}

  public static void main(String[] args) throws SQLException {
    long orders = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      database.execute(
          "INSERT INTO stock (sku, on_hand)"
              + " SELECT 'sku-' || n, 100000000 FROM generate_series(0, 9999) n");
      try (RunningSink sink = RunningSink.on(database)) {
        apply(sink, 0, orders, id -> order(id, 1, "PLACED"));
        apply(sink, 0, orders, id -> Events.payment(id, 1, "PENDING"));
      }
      // One that did not overlap its predecessor would be planned with what autovacuum has found.
      database.execute("ANALYZE");
      for (String setting :
          new String[] {
            "session_preload_libraries = 'auto_explain'",
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_analyze = on",
            "auto_explain.log_buffers = on"
          }) {
        database.execute("ALTER DATABASE " + database.name() + " SET " + setting);
      }
      try (RunningSink sink = RunningSink.on(database)) {
        long half = orders / 2;
        show("new orders", sink, orders, id -> order(id, 1, "PLACED"));
        show("changed orders", sink, half, id -> order(id, 2, "SHIPPED"));
        show("replayed orders", sink, half, id -> order(id, 2, "SHIPPED"));
        show("changed payments", sink, half, id -> Events.payment(id, 2, "PAID"));
      }
    }
  }

  private static void show(String what, RunningSink sink, long from, LongFunction<SinkRecord> of) {
    System.err.println("==== " + what);
    apply(sink, from, from + BATCH, of);
  }

  private static void apply(RunningSink sink, long from, long to, LongFunction<SinkRecord> of) {
    for (long batch = from; batch < to; batch += BATCH) {
      List<SinkRecord> records =
          LongStream.range(batch, Math.min(batch + BATCH, to)).mapToObj(of).toList();
      sink.put(records);
    }
  }

  private static SinkRecord order(long id, long version, String status) {
    return Events.order(
        id, version, status, "sku-" + id % 10_000 + ":1", "sku-" + (id * 7 + 1) % 10_000 + ":2");
  }
}
