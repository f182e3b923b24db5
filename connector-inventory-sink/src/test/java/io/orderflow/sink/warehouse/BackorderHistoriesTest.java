package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.InventorySinkConfig;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.plan.LocationPolicy;
import io.orderflow.sink.plan.LocationRules;
import io.orderflow.sink.plan.LocationSplit;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.ReservationRules;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random histories of orders and receipts, applied by two tasks at once, while sweeps release what
 * has a deadline and fill backorders, people change stock and connections are killed. Afterwards
 * stock is conserved and not oversold, exactly those wait who lack something, and nothing is free
 * that one of them could have. -Dorderflow.backorders.histories=N sets their number.
 */
@Timeout(600)
class BackorderHistoriesTest {

  private static final int HISTORIES = Integer.getInteger("orderflow.backorders.histories", 24) / 4;
  private static final int ORDERS = 25;
  private static final int SKUS = 4;
  private static final List<String> LOCATIONS = List.of("berlin", "essen");
  private static final String[] STATUSES = {
    "PENDING", "PAID", "PAID", "PAID", "SHIPPED", "CANCELLED"
  };

  /** Tables with such triggers are locked in another order. */
  private static final String STAMP =
      """
      CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$;
      CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON order_inventory FOR EACH ROW EXECUTE FUNCTION stamp()""";

  private static final String KILL =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND pid <> pg_backend_pid()";

  /** Whose reservations lack stock, and what is written of those who wait. */
  private static final String LACKING =
      """
      SELECT order_id, version FROM order_inventory
       WHERE state IN ('REJECTED', 'PARTIALLY_RESERVED') AND order_id < 1000 ORDER BY 1""";

  private static final String WAITING =
      "SELECT DISTINCT order_id, version FROM order_backorders ORDER BY 1";

  /** Lines that could have more; a named line only where it is named. */
  private static final String COULD_HAVE =
      """
      SELECT b.order_id, b.sku, b.location, b.wanted, b.lacking, f.free
        FROM order_backorders b
       CROSS JOIN LATERAL (
         SELECT coalesce(sum(greatest(0, on_hand - reserved - unavailable - safety + oversell)), 0) AS free
           FROM stock s WHERE s.sku = b.sku AND b.location IN ('', s.location)) f
       WHERE %s""";

  private static final String OF_WHOLE =
      """
      NOT EXISTS (
        SELECT FROM order_backorders l
         WHERE l.order_id = b.order_id
           AND l.wanted > (SELECT coalesce(sum(greatest(0, on_hand - reserved - unavailable - safety + oversell)), 0)
                             FROM stock s WHERE s.sku = l.sku AND l.location IN ('', s.location)))""";

  private static final String CONTENT =
      "SELECT order_id, version, state, reason, skus, locations, reserved, on_hand_delta, backordered"
          + " FROM order_inventory ORDER BY 1";

  @ParameterizedTest
  @CsvSource({
    "NONE, ALL_OR_NOTHING",
    "NONE, PARTIAL",
    "MOST_STOCK, ALL_OR_NOTHING",
    "MOST_STOCK, PARTIAL"
  })
  void nobodyWaitsForWhatIsFree(LocationPolicy policy, ReservationPolicy reservations)
      throws Exception {
    LocationRules locations = new LocationRules(policy, List.of(), LocationSplit.QUANTITIES);
    ReservationRules rules = new ReservationRules(reservations, false, locations, true, true);
    try (WarehouseDatabase database = WarehouseDatabase.withBackorders()) {
      database.allowOverselling();
      if (locations.areInUse()) {
        database.execute(STAMP);
      }
      List<RunningSink> tasks = List.of(task(database, rules, 0), task(database, rules, 1));
      try (Database pool = pool(database, rules)) {
        int filled = 0;
        int waiting = 0;
        for (int seed = 1; seed <= HISTORIES; seed++) {
          check(database, tasks, pool, rules, seed);
          filled += count(database, "order_inventory WHERE state = 'BACKORDER_FILLED'");
          waiting += count(database, "order_backorders WHERE lacking > 0");
        }
        assertTrue(filled >= HISTORIES, filled + " were filled");
        assertTrue(waiting >= HISTORIES, waiting + " wait");
      } finally {
        tasks.forEach(RunningSink::close);
      }
    }
  }

  private static int count(WarehouseDatabase database, String what) throws SQLException {
    return Integer.parseInt(database.rows("SELECT count(*) FROM " + what).get(0));
  }

  private static void check(
      WarehouseDatabase database,
      List<RunningSink> tasks,
      Database pool,
      ReservationRules rules,
      int seed)
      throws Exception {
    // Given
    Random random = new Random(seed);
    database.execute("TRUNCATE order_inventory, stock, order_backorders, order_backorders_due");
    for (String location : locationsOf(rules)) {
      database.execute(
          "INSERT INTO stock (sku, location, on_hand, oversell, safety)"
              + " SELECT 's-' || n, '%s', %d, CASE n WHEN 1 THEN 2 ELSE 0 END, CASE n WHEN 2 THEN 1 ELSE 0 END FROM generate_series(0, %d) n"
                  .formatted(location, rules.locations().areInUse() ? 2 : 3, SKUS - 1));
    }
    List<SinkRecord> history = history(random, rules, seed);

    // When: in some histories the tasks share their orders, as a zombie would
    AtomicBoolean ended = new AtomicBoolean();
    List<CompletableFuture<Void>> sweeps = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      sweeps.add(CompletableFuture.runAsync(() -> sweep(pool, rules, ended)));
    }
    boolean apart = seed % 4 < 2;
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int task = 0; task < 2; task++) {
      int own = task;
      List<List<SinkRecord>> batches =
          batches(
              history.stream()
                  .filter(r -> !apart || Math.floorMod(r.key().hashCode(), 2) == own)
                  .toList(),
              new Random(random.nextLong()));
      running.add(CompletableFuture.runAsync(() -> batches.forEach(tasks.get(own)::put)));
    }
    for (int i = 0; i < 3; i++) {
      database.execute(
          "UPDATE stock SET on_hand = on_hand + 1, moved_at = now() WHERE sku = 's-%d'"
              .formatted(random.nextInt(SKUS)));
    }
    if (seed % 5 == 0) {
      database.rows(KILL);
    }
    running.forEach(CompletableFuture::join);
    ended.set(true);
    sweeps.forEach(CompletableFuture::join);
    awaitQuiet(database, pool, rules);

    // Then
    String what = "history " + seed;
    tasks.forEach(task -> assertEquals(List.of(), task.reported(), what));
    assertEquals(List.of(), database.drift(), what);
    assertEquals(List.of(), database.oversold(), what);
    assertWaiting(database, history, what);

    // When: a replay
    List<String> content = database.rows(CONTENT);
    tasks.get(0).put(history);
    awaitQuiet(database, pool, rules);

    // Then
    assertEquals(content, database.rows(CONTENT), what);
  }

  /**
   * Sweeps until nobody waits for what is free; the sweepers of the tasks do so at the same time.
   */
  private static void awaitQuiet(
      WarehouseDatabase database, Database pool, ReservationRules rules) {
    boolean inParts = rules.policy() == ReservationPolicy.PARTIAL;
    String couldHave = COULD_HAVE.formatted(inParts ? "b.lacking > 0 AND f.free > 0" : OF_WHOLE);
    Eventually.until(
        () -> {
          sweep(pool, rules, new AtomicBoolean(true));
          return database.rows("SELECT * FROM order_backorders_due").isEmpty()
              && database.rows(couldHave).isEmpty();
        });
  }

  /** Exactly those wait whose latest version reserves and lacks something, with its lines. */
  private static void assertWaiting(
      WarehouseDatabase database, List<SinkRecord> history, String what) throws SQLException {
    Map<Long, Map<?, ?>> latest = new TreeMap<>();
    for (SinkRecord record : history) {
      Map<?, ?> value = (Map<?, ?>) record.value();
      if (record.topic().equals("orders")) {
        latest.merge((Long) record.key(), value, (a, b) -> version(a) < version(b) ? b : a);
      }
    }
    List<String> expected = new ArrayList<>(database.rows(LACKING));
    expected.removeIf(
        row -> {
          Map<?, ?> order =
              Objects.requireNonNull(latest.get(Long.valueOf(row.split("\\|", 2)[0])));
          return !List.of("PENDING", "PAID").contains(String.valueOf(order.get("status")));
        });
    assertEquals(expected, database.rows(WAITING), what);
    List<String> lines = new ArrayList<>();
    for (String row : expected) {
      long id = Long.parseLong(row.split("\\|", 2)[0]);
      for (Object item : items(Objects.requireNonNull(latest.get(id)))) {
        Map<?, ?> line = (Map<?, ?>) item;
        Object location = line.get("location");
        lines.add(
            id
                + "|"
                + line.get("sku")
                + "|"
                + (location == null ? "" : location)
                + "|"
                + line.get("quantity"));
      }
    }
    Collections.sort(lines);
    List<String> found =
        new ArrayList<>(
            database.rows("SELECT order_id, sku, location, wanted FROM order_backorders"));
    Collections.sort(found);
    assertEquals(lines, found, what);
  }

  private static List<?> items(Map<?, ?> order) {
    return (List<?>) Objects.requireNonNull(order.get("items"));
  }

  private static long version(Map<?, ?> value) {
    return (Long) Objects.requireNonNull(value.get("version"));
  }

  /** Every deadline is over; what other transactions are faster with is swept the next time. */
  private static void sweep(Database pool, ReservationRules rules, AtomicBoolean ended) {
    ScaleGuard scale = new ScaleGuard("0", 0);
    ExpirySweep expiry =
        new ExpirySweep(pool, WarehouseDatabase.WITH_BACKORDERS, OrderIdType.BIGINT, scale, rules);
    BackorderSweep backorders =
        new BackorderSweep(
            pool,
            WarehouseDatabase.WITH_BACKORDERS,
            WarehouseDatabase.BACKORDERS,
            OrderIdType.BIGINT,
            scale,
            rules);
    boolean isDone = false;
    while (!isDone) {
      boolean isLast = ended.get();
      try {
        boolean isQuiet = false;
        while (!isQuiet) {
          ExpirySweep.Result released =
              expiry.release(Instant.now().plusSeconds(1_000_000), Sweep.MAX_ORDERS);
          BackorderSweep.Result result = backorders.fill(3);
          isQuiet =
              !isLast
                  || (released.orders() == 0
                      && result.filled() + result.inPart() == 0
                      && !result.mayLeaveMore()
                      && backorders.fill(3).filled() == 0);
        }
        isDone = isLast;
      } catch (SQLException failure) {
        if (SqlFailures.classify(failure) != FailureClass.TRANSIENT) {
          throw new AssertionError(failure);
        }
      }
    }
  }

  private static List<String> locationsOf(ReservationRules rules) {
    return rules.locations().areInUse() ? LOCATIONS : List.of("");
  }

  private static List<SinkRecord> history(Random random, ReservationRules rules, int seed) {
    List<SinkRecord> history = new ArrayList<>();
    long[] versions = new long[ORDERS];
    for (int i = 0; i < 200; i++) {
      if (random.nextInt(12) == 0) {
        String at = rules.locations().areInUse() ? "|" + LOCATIONS.get(i % 2) : "";
        history.add(
            Events.inventory(
                1_000L + i, 1, "RECEIVE", "s-" + random.nextInt(SKUS) + at + ":" + (1 + i % 3)));
        continue;
      }
      int order = random.nextInt(ORDERS);
      long version = ++versions[order];
      if (random.nextInt(8) == 0) {
        version = Math.max(1, version - 2);
      }
      // Of equal versions the first counts, so that they must not differ.
      int number = Math.floorMod(31 * order + (int) version * 17 + seed, 60);
      List<String> items = new ArrayList<>();
      items.add("s-" + order % SKUS + named(rules, order + version) + ":" + (1 + number % 4));
      if (number % 3 == 0) {
        items.add("s-" + (order + 1) % SKUS + ":" + (1 + number % 2));
      }
      history.add(
          Events.producedNow(
              Events.order(
                  (long) order,
                  version,
                  STATUSES[number % STATUSES.length],
                  items.toArray(String[]::new))));
    }
    return history;
  }

  /** With locations, one version of three names one, so that orders move. */
  private static String named(ReservationRules rules, long number) {
    return rules.locations().areInUse() && number % 3 == 0
        ? "|" + LOCATIONS.get((int) (number % LOCATIONS.size()))
        : "";
  }

  private static List<List<SinkRecord>> batches(List<SinkRecord> records, Random random) {
    List<List<SinkRecord>> batches = new ArrayList<>();
    for (int from = 0; from < records.size(); ) {
      int to = Math.min(records.size(), from + 1 + random.nextInt(12));
      batches.add(records.subList(from, to));
      from = to;
    }
    return batches;
  }

  private static Map<String, String> settings(WarehouseDatabase database, ReservationRules rules) {
    Map<String, String> settings = RunningSink.settings(database);
    if (rules.locations().areInUse()) {
      settings.put("location.policy", "most-stock");
      settings.put("location.split", "quantities");
      settings.put("order.item.location.field", "location");
      settings.put("inventory.item.location.field", "location");
    }
    if (rules.policy() == ReservationPolicy.PARTIAL) {
      settings.put("reservation.policy", "partial");
    }
    settings.put("backorders", "true");
    settings.put("reservation.ttl.ms", "3600000");
    settings.put("reservation.ttl.statuses", "PENDING");
    settings.put("retry.backoff.ms", "5");
    settings.put("batch.linger.ms", "0");
    return settings;
  }

  private static RunningSink task(WarehouseDatabase database, ReservationRules rules, int number) {
    Map<String, String> settings = settings(database, rules);
    settings.put("orderflow.task", String.valueOf(number));
    return RunningSink.with(settings, new FakeSinkContext(true));
  }

  private static Database pool(WarehouseDatabase database, ReservationRules rules) {
    return Warehouse.openPool(
        DatabaseSettings.of(new InventorySinkConfig(settings(database, rules))), "sweeps", 3);
  }
}
