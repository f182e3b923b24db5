package io.orderflow.source;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Shop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * A record of each kind from one capture.
 *
 * @param snapshot an order that existed for {@link #AGE_MS} when capture began
 */
record RecordKinds(
    SourceRecord snapshot, SourceRecord change, SourceRecord delete, SourceRecord heartbeat) {

  static final long AGE_MS = 50;

  private static final Map<String, String> DELETES = Map.of("deletes.table", "orders_deleted");

  /** Captures an order in a shop without tables. */
  static RecordKinds of(Shop shop, String capture) {
    shop.run(Shop.TABLES);
    shop.install(Map.of(), "id", OrderIdType.BIGINT);
    shop.runScript(shop.installSql(DELETES, "id", OrderIdType.BIGINT).deletesInstall());
    shop.run("ALTER TABLE orders ADD placed timestamptz NOT NULL DEFAULT now()");
    shop.run(
        """
        INSERT INTO orders VALUES (1, 'NEW', 12.50);
        INSERT INTO order_items VALUES (1, 1, 'A', 2)
        """);
    shop.value("SELECT pg_sleep(%f)".formatted(AGE_MS / 1_000.0));
    SourceRecord snapshot;
    SourceRecord change;
    SourceRecord delete;
    try (CaptureRun run = new CaptureRun(settings(shop, capture, Map.of()), new HashMap<>())) {
      snapshot = run.records(1).get(0);
      shop.run("UPDATE orders SET status = 'PAID'");
      change = run.records(1).get(0);
      shop.run("DELETE FROM orders");
      delete = run.records(1).get(0);
    }
    shop.dropSlots();
    Map<String, String> fromNow = settings(shop, capture, Map.of("snapshot.mode", "no_data"));
    try (CaptureRun run = new CaptureRun(fromNow, new HashMap<>())) {
      return new RecordKinds(snapshot, change, delete, heartbeat(run));
    } finally {
      shop.dropSlots();
    }
  }

  private static SourceRecord heartbeat(CaptureRun run) {
    List<SourceRecord> records = run.poll();
    for (int i = 0; i < 10_000 && records.isEmpty(); i++) {
      records = run.poll();
    }
    return records.get(0);
  }

  private static Map<String, String> settings(Shop shop, String capture, Map<String, String> more) {
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(more) : shop.settings(more);
    settings.putAll(DELETES);
    return settings;
  }

  List<SourceRecord> all() {
    return List.of(snapshot, change, delete, heartbeat);
  }
}
