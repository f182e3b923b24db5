package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConfig;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.plan.LocationRules;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.StockUpdate;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * First come, first served: random histories of orders, receipts and sweeps, compared with a
 * reference that goes through everybody each time. -Dorderflow.backorders.histories=N sets their
 * number.
 */
class BackorderOrderTest {

  private static final int HISTORIES = Integer.getInteger("orderflow.backorders.histories", 40) / 2;
  private static final int ORDERS = 12;
  private static final int SKUS = 2;

  @ParameterizedTest
  @EnumSource(ReservationPolicy.class)
  void everybodyGetsWhatTheReferenceGivesHim(ReservationPolicy policy) throws Exception {
    boolean inParts = policy == ReservationPolicy.PARTIAL;
    ReservationRules rules = new ReservationRules(policy, false, LocationRules.NONE, false, true);
    ScaleGuard scale = new ScaleGuard("0", 0);
    try (WarehouseDatabase database = WarehouseDatabase.withBackorders();
        Database pool =
            Warehouse.openPool(
                DatabaseSettings.of(new InventorySinkConfig(RunningSink.settings(database))),
                "sweeps",
                2)) {
      Warehouse warehouse =
          new Warehouse(pool, WarehouseDatabase.WITH_BACKORDERS, OrderIdType.BIGINT, scale, rules);
      BackorderSweep sweep =
          new BackorderSweep(
              pool,
              WarehouseDatabase.WITH_BACKORDERS,
              WarehouseDatabase.BACKORDERS,
              OrderIdType.BIGINT,
              scale,
              rules);
      int filled = 0;
      for (int seed = 1; seed <= HISTORIES; seed++) {
        Random random = new Random(seed);
        database.execute(
            "TRUNCATE order_inventory, stock, order_backorders, order_backorders_due;"
                + " INSERT INTO stock (sku, on_hand) VALUES ('s-0', 5), ('s-1', 5)");
        QueueReference reference = new QueueReference(inParts, SKUS, 5);
        long version = 0;
        List<String> said = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
          List<StockUpdate> batch = new ArrayList<>();
          reference.beginBatch();
          List<Long> used = new ArrayList<>();
          for (int i = random.nextInt(6); i >= 0; i--) {
            long id = random.nextInt(ORDERS);
            if (used.contains(id)) {
              continue;
            }
            used.add(id);
            int sku = (int) id % SKUS;
            version++;
            switch (random.nextInt(6)) {
              case 0 -> {
                long quantity = random.nextBoolean() ? 2 : 5;
                batch.add(
                    Updates.of(1_000 + version, 1, Intent.RECEIVE, Map.of("s-" + sku, quantity)));
                reference.receive(sku, quantity);
              }
              case 1, 2 -> {
                batch.add(Updates.of(id, version, Intent.RELEASE, Map.of()));
                reference.cancel(id, version);
              }
              default -> {
                long quantity = 1L + random.nextInt(4);
                batch.add(Updates.of(id, version, Intent.RESERVE, Map.of("s-" + sku, quantity)));
                reference.reserve(id, version, sku, quantity);
              }
            }
          }
          apply(warehouse, batch);
          batch.forEach(update -> said.add(update.toString()));
          if (random.nextInt(3) > 0) {
            said.add("sweep");
            filled += fillAll(sweep, random.nextInt(3) == 0 ? 2 : 500);
            reference.fill();
          }
          String what =
              "history " + seed + ": " + said.subList(Math.max(0, said.size() - 20), said.size());
          assertEquals(reference.rows(), rows(database), what);
          assertEquals(
              reference.waiting(),
              database.rows(
                  "SELECT order_id, lacking FROM order_backorders WHERE lacking > 0 ORDER BY place"),
              what);
          assertEquals(List.of(), database.drift(), what);
        }
      }
      assertTrue(filled > 3 * HISTORIES, filled + " were filled");
    }
  }

  private static List<String> rows(WarehouseDatabase database) throws Exception {
    return database.rows(
        "SELECT order_id, version, state, coalesce((SELECT sum(q) FROM unnest(reserved) q), 0)"
            + " FROM order_inventory WHERE order_id < 1000 ORDER BY order_id");
  }

  private static void apply(Warehouse warehouse, List<StockUpdate> batch) throws Exception {
    warehouse.apply(
        LatestVersions.of(batch),
        update -> new Origin("", -1, -1, null),
        new WriteMode(InsertStrategy.COPY, StockLockOrder.LAST),
        "");
  }

  private static int fillAll(BackorderSweep sweep, int maxOrders) throws Exception {
    int filled = 0;
    while (true) {
      BackorderSweep.Result result = sweep.fill(maxOrders);
      filled += result.filled();
      if (!result.mayLeaveMore()) {
        return filled;
      }
    }
  }
}
