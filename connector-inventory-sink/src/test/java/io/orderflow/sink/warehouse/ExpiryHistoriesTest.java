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
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.plan.LocationPolicy;
import io.orderflow.sink.plan.LocationRules;
import io.orderflow.sink.plan.LocationSplit;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.update.StockItem;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random histories of orders, applied by two tasks at once, while two sweeps release whatever has a
 * deadline and connections are killed; compared with what the latest version of each order leaves.
 * -Dorderflow.expiry.histories=N sets their number: half of them without locations and triggers,
 * half with both.
 */
@Timeout(600)
class ExpiryHistoriesTest {

  private static final int HISTORIES = Integer.getInteger("orderflow.expiry.histories", 24) / 2;
  private static final int ORDERS = 25;
  private static final int SKUS = 4;
  private static final int PLENTY = 1_000_000;
  private static final List<String> LOCATIONS = List.of("berlin", "essen");
  private static final String[] STATUSES = {"PENDING", "PENDING", "PAID", "SHIPPED", "CANCELLED"};

  /** What the latest version leaves of an order whose deadline, if it has one, is over. */
  private static final Map<String, String> STATES =
      Map.of(
          "PENDING", "EXPIRED", "PAID", "RESERVED", "SHIPPED", "SHIPPED", "CANCELLED", "RELEASED");

  /** Fails if two writes of an order have the same revision, or a later one a smaller revision. */
  private static final String REVISIONS =
      """
      CREATE TABLE writes (order_id bigint, revision bigint, state text, UNIQUE (order_id, revision));
      CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN
        IF TG_OP = 'UPDATE' AND NEW.revision <= OLD.revision THEN RAISE 'revision did not grow'; END IF;
        INSERT INTO writes VALUES (NEW.order_id, NEW.revision, NEW.state); RETURN NULL;
      END $$;
      CREATE TRIGGER note AFTER INSERT OR UPDATE ON order_inventory FOR EACH ROW EXECUTE FUNCTION note_write()""";

  /** Tables with such triggers are locked in another order. */
  private static final String STAMP =
      """
      CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$;
      CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON order_inventory FOR EACH ROW EXECUTE FUNCTION stamp()""";

  private static final String KILL =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND pid <> pg_backend_pid()";

  @ParameterizedTest
  @EnumSource(
      value = LocationPolicy.class,
      names = {"NONE", "MOST_STOCK"})
  void sweepsAndBatchesConserveStock(LocationPolicy policy) throws Exception {
    LocationRules locations = new LocationRules(policy, List.of(), LocationSplit.QUANTITIES);
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      database.allowOverselling();
      database.execute(REVISIONS);
      if (locations.areInUse()) {
        database.execute(STAMP);
      }
      List<RunningSink> tasks = List.of(task(database, locations, 0), task(database, locations, 1));
      try (Database pool = pool(database, locations)) {
        int expired = 0;
        Set<String> held = new TreeSet<>();
        for (int seed = 1; seed <= HISTORIES; seed++) {
          check(database, tasks, pool, locations, seed);
          held.addAll(database.rows("SELECT DISTINCT location FROM order_inventory_lines"));
          expired +=
              Integer.parseInt(
                  database.rows("SELECT count(*) FROM writes WHERE state = 'EXPIRED'").get(0));
        }
        assertTrue(expired > 10 * HISTORIES, expired + " reservations have expired");
        assertEquals(Set.copyOf(locationsOf(locations)), held);
      } finally {
        tasks.forEach(RunningSink::close);
      }
    }
  }

  private static void check(
      WarehouseDatabase database,
      List<RunningSink> tasks,
      Database pool,
      LocationRules locations,
      int seed)
      throws Exception {
    // Given: in every other history stock is scarce
    boolean plenty = seed % 2 == 0;
    Random random = new Random(seed);
    database.execute("TRUNCATE order_inventory, stock, writes");
    for (String location : locationsOf(locations)) {
      database.execute(
          "INSERT INTO stock (sku, location, on_hand) SELECT 's-' || n, '%s', %d FROM generate_series(0, %d) n"
              .formatted(location, plenty ? PLENTY : locations.areInUse() ? 4 : 6, SKUS - 1));
    }
    List<SinkRecord> history = history(random, locations, seed);

    // When: in some histories the tasks share their orders, as a zombie would
    AtomicBoolean ended = new AtomicBoolean();
    List<CompletableFuture<Void>> sweeps = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      sweeps.add(CompletableFuture.runAsync(() -> sweep(pool, locations, ended)));
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
    if (seed % 5 == 0) {
      database.rows(KILL);
    }
    running.forEach(CompletableFuture::join);
    ended.set(true);
    sweeps.forEach(CompletableFuture::join);
    sweep(pool, locations, new AtomicBoolean(true));
    // A replay restores nothing that has expired.
    tasks.get(0).put(history);

    // Then
    String what = "history " + seed;
    tasks.forEach(task -> assertEquals(List.of(), task.reported(), what));
    assertEquals(List.of(), database.drift(), what);
    assertEquals(List.of(), database.oversold(), what);
    assertEquals(
        List.of(),
        database.rows(
            "SELECT order_id, state FROM order_inventory WHERE expires_at IS NOT NULL"
                + " OR (state IN ('EXPIRED', 'RELEASED', 'REJECTED') AND 0 < ANY (reserved))"),
        what);
    assertLatestVersions(database, history, plenty, what);
  }

  /** With plenty of stock, exactly the states of the latest versions; else those, or REJECTED. */
  private static void assertLatestVersions(
      WarehouseDatabase database, List<SinkRecord> history, boolean plenty, String what)
      throws SQLException {
    Map<Long, Map<?, ?>> latest = new TreeMap<>();
    for (SinkRecord record : history) {
      Map<?, ?> value = (Map<?, ?>) record.value();
      latest.merge((Long) record.key(), value, (a, b) -> version(a) < version(b) ? b : a);
    }
    List<String> found =
        database.rows("SELECT order_id, version, state FROM order_inventory ORDER BY 1");
    assertEquals(latest.size(), found.size(), what);
    int index = 0;
    for (Map.Entry<Long, Map<?, ?>> entry : latest.entrySet()) {
      Map<?, ?> order = entry.getValue();
      String at = entry.getKey() + "|" + version(order) + "|";
      String state = at + STATES.get(String.valueOf(order.get("status")));
      String row = found.get(index++);
      assertTrue(
          row.equals(state) || (!plenty && row.equals(at + "REJECTED")),
          what + ": expected " + state + ", found " + row);
    }
  }

  private static long version(Map<?, ?> value) {
    return (Long) Objects.requireNonNull(value.get("version"));
  }

  /** Every deadline is over; what other transactions are faster with is swept the next time. */
  private static void sweep(Database pool, LocationRules locations, AtomicBoolean ended) {
    ExpirySweep sweep =
        new ExpirySweep(
            pool,
            WarehouseDatabase.TABLES,
            OrderIdType.BIGINT,
            new ScaleGuard("0", 0),
            new ReservationRules(ReservationPolicy.ALL_OR_NOTHING, false, locations, true));
    boolean isDone = false;
    while (!isDone) {
      boolean isLast = ended.get();
      try {
        sweep.release(Instant.now().plusSeconds(1_000_000), Sweep.MAX_ORDERS);
        isDone = isLast;
      } catch (SQLException failure) {
        if (SqlFailures.classify(failure) != FailureClass.TRANSIENT) {
          throw new AssertionError(failure);
        }
      }
    }
  }

  private static List<String> locationsOf(LocationRules rules) {
    return rules.areInUse() ? LOCATIONS : List.of(StockItem.NO_LOCATION);
  }

  private static List<SinkRecord> history(Random random, LocationRules locations, int seed) {
    List<SinkRecord> history = new ArrayList<>();
    long[] versions = new long[ORDERS];
    for (int i = 0; i < 200; i++) {
      int order = random.nextInt(ORDERS);
      long version = ++versions[order];
      if (random.nextInt(8) == 0) {
        version = Math.max(1, version - 2);
      }
      SinkRecord record =
          Events.order(
              (long) order,
              version,
              // Of equal versions the first counts, so that they must not differ.
              STATUSES[Math.floorMod(31 * order + (int) version * 17 + seed, STATUSES.length)],
              "s-" + order % SKUS + named(locations, order + version) + ":" + (1 + order % 3));
      history.add(
          record.newRecord(
              record.topic(),
              record.kafkaPartition(),
              null,
              record.key(),
              null,
              record.value(),
              System.currentTimeMillis()));
    }
    return history;
  }

  /** With locations, one version of three names one, so that orders move. */
  private static String named(LocationRules locations, long number) {
    return locations.areInUse() && number % 3 == 0
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

  private static Map<String, String> settings(WarehouseDatabase database, LocationRules locations) {
    Map<String, String> settings = RunningSink.settings(database);
    if (locations.areInUse()) {
      settings.put("location.policy", "most-stock");
      settings.put("location.split", "quantities");
      settings.put("order.item.location.field", "location");
    }
    settings.put("reservation.ttl.ms", "3600000");
    settings.put("reservation.ttl.statuses", "PENDING");
    settings.put("retry.backoff.ms", "5");
    settings.put("batch.linger.ms", "0");
    return settings;
  }

  private static RunningSink task(WarehouseDatabase database, LocationRules locations, int number) {
    Map<String, String> settings = settings(database, locations);
    settings.put("orderflow.task", String.valueOf(number));
    return RunningSink.with(settings, new FakeSinkContext(true));
  }

  private static Database pool(WarehouseDatabase database, LocationRules locations) {
    return Warehouse.openPool(
        DatabaseSettings.of(new InventorySinkConfig(settings(database, locations))), "sweeps", 3);
  }
}
