package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tasks own the same partitions for a while, and apply the same records at the same time. */
@Timeout(120)
class ZombieTasksTest {

  private static final int SKUS = 5;

  /** Records every change of an order or a payment, in the transaction that makes it. */
  private static final String AUDIT =
      """
      CREATE TABLE audit (kind text, order_id bigint, version bigint, UNIQUE (kind, order_id, version));
      CREATE FUNCTION audit_order() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO audit VALUES ('order', NEW.order_id, NEW.version); RETURN NULL; END $$;
      CREATE FUNCTION audit_payment() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN
        IF TG_OP = 'INSERT' OR NEW.version IS DISTINCT FROM OLD.version THEN
          INSERT INTO audit VALUES ('paid', NEW.order_id, NEW.version);
        END IF;
        IF TG_OP = 'INSERT' OR NEW.due_version IS DISTINCT FROM OLD.due_version THEN
          INSERT INTO audit VALUES ('due', NEW.order_id, NEW.due_version);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER audit AFTER INSERT OR UPDATE ON order_inventory
         FOR EACH ROW EXECUTE FUNCTION audit_order();
      CREATE TRIGGER audit AFTER INSERT OR UPDATE ON payments
         FOR EACH ROW EXECUTE FUNCTION audit_payment()""";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void twoTasksWithTheSameRecordsLeaveWhatOneLeaves(int seed) throws Exception {
    try (WarehouseDatabase alone = stocked(1_000_000);
        WarehouseDatabase shared = stocked(1_000_000)) {
      // Given
      List<SinkRecord> history = history(new SplittableRandom(seed));
      replay(alone, history, seed);
      shared.execute(AUDIT);

      // When
      CompletableFuture<Void> zombie =
          CompletableFuture.runAsync(() -> replay(shared, history, seed + 100));
      replay(shared, history, seed + 200);
      zombie.join();

      // Then: a change made twice would have violated the audit's key, and been reported
      assertEquals(everything(alone), everything(shared));
      assertEquals(List.of(), shared.drift());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void scarceStockIsNeverOversold(int seed) throws Exception {
    try (WarehouseDatabase shared = stocked(20)) {
      // Given
      List<SinkRecord> history = history(new SplittableRandom(seed));
      shared.allowOverselling();
      shared.execute(AUDIT);

      // When
      CompletableFuture<Void> zombie =
          CompletableFuture.runAsync(() -> replay(shared, history, seed + 100));
      replay(shared, history, seed + 200);
      zombie.join();

      // Then
      assertEquals(List.of(), shared.drift());
      assertEquals(List.of(), shared.oversold());
    }
  }

  private static WarehouseDatabase stocked(long onHand) throws SQLException {
    WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    for (int sku = 0; sku < SKUS; sku++) {
      database.stock("s-" + sku, onHand);
    }
    return database;
  }

  /** Orders, payments and receipts, some of them again and some late. */
  private static List<SinkRecord> history(SplittableRandom random) {
    String[] statuses = {"PLACED", "PAID", "SHIPPED", "CANCELLED", "RETURNED"};
    List<SinkRecord> history = new ArrayList<>();
    history.add(Events.order(0L, 0, "PLACED", "s-0:1"));
    for (int i = 1; i < 1_500; i++) {
      long id = random.nextInt(80);
      String item = "s-" + random.nextInt(SKUS) + ":" + (1 + random.nextInt(4));
      String other = "new-" + random.nextInt(SKUS) + ":1";
      history.add(
          switch (random.nextInt(8)) {
            // These have no amount due, whose row would be locked before the order is read.
            case 0, 1, 2 -> Events.inventory(1_000 + id % 8, i, "RECEIVE", item, other);
            case 3, 4 -> Events.payment(id, i, statuses[random.nextInt(5)]);
            case 5 -> history.get(random.nextInt(history.size()));
            default -> Events.order(id, i, statuses[random.nextInt(5)], item);
          });
    }
    return history;
  }

  private static void replay(WarehouseDatabase database, List<SinkRecord> history, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("apply.concurrency", Integer.toString(1 + random.nextInt(3)));
    settings.put("batch.max.records", Integer.toString(1 + random.nextInt(60)));
    settings.put("batch.linger.ms", "1");
    settings.put("retry.backoff.ms", "5");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      for (int from = 0; from < history.size(); ) {
        int to = Math.min(history.size(), from + 1 + random.nextInt(80));
        sink.put(history.subList(from, to));
        from = to;
      }
      assertEquals(List.of(), sink.reported());
    }
  }

  private static List<String> everything(WarehouseDatabase database) throws SQLException {
    List<String> rows = new ArrayList<>(database.stock());
    rows.addAll(database.orders());
    rows.addAll(database.rows("SELECT * FROM order_inventory_lines ORDER BY order_id, sku"));
    rows.addAll(
        database.rows(
            "SELECT order_id, version, status, amount, due, due_version FROM payments ORDER BY 1"));
    return rows;
  }
}
