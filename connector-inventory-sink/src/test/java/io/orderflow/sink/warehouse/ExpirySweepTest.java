package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.OrderIdType;
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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ExpirySweepTest {

  private static final Logger LOG = LoggerFactory.getLogger(ExpirySweepTest.class);

  /** -Dorderflow.expiry.open=N sets how many reservations are open. */
  private static final int OPEN = Integer.getInteger("orderflow.expiry.open", 20_000);

  private static final ReservationRules WITHOUT_LOCATIONS = rules(LocationRules.NONE);

  private static final ReservationRules FIXED =
      rules(new LocationRules(LocationPolicy.FIXED, List.of("hamburg"), LocationSplit.NONE));

  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  /** Each order has reserved a piece; each deadline is a second after the one before. */
  private static final String ORDERS =
      """
      INSERT INTO stock (sku, on_hand, reserved) VALUES ('A', 10000000, %1$d);
      INSERT INTO order_inventory (order_id, version, state, skus, reserved, on_hand_delta, expires_at)
      SELECT n, 1, 'RESERVED', '{A}', '{1}', '{0}', timestamptz '%2$s' + n * interval '1 s'
        FROM generate_series(1, %1$d) n""";

  private static final String EXPIRED =
      "SELECT count(*), min(order_id), max(order_id) FROM order_inventory WHERE state = 'EXPIRED'";

  private static ReservationRules rules(LocationRules locations) {
    return new ReservationRules(ReservationPolicy.ALL_OR_NOTHING, false, locations, true);
  }

  private WarehouseDatabase database;
  private Database pool;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    pool =
        Warehouse.openPool(
            DatabaseSettings.of(new InventorySinkConfig(RunningSink.settings(database))),
            "sweeps",
            2);
  }

  @AfterEach
  void close() throws SQLException {
    assertEquals(List.of(), database.drift());
    pool.close();
    database.close();
  }

  @Test
  void sweepsReadAndReleaseOnlyWhatIsDue() throws SQLException {
    // Given
    database.execute(ORDERS.formatted(OPEN, NOW));
    database.execute("VACUUM ANALYZE order_inventory");
    LOG.info("{} open reservations: {}", OPEN, String.join("\n", explain(500)));
    LOG.info("Their locks: {}", String.join("\n", explainLock()));

    // When
    ExpirySweep sweep = sweep();
    ExpirySweep.Result first = release(sweep, 700);
    ExpirySweep.Result second = release(sweep, 700);
    ExpirySweep.Result third = release(sweep, 700);

    // Then
    assertEquals(new ExpirySweep.Result(500, Duration.ofSeconds(699), true), first);
    assertEquals(new ExpirySweep.Result(200, Duration.ofSeconds(199), false), second);
    assertEquals(new ExpirySweep.Result(0, Duration.ZERO, false), third);
    assertEquals(List.of("700|1|700"), database.rows(EXPIRED));
    assertEquals(
        List.of(Integer.toString(OPEN - 700)), database.rows("SELECT reserved FROM stock"));
    List<String> plan = explain(1_000);
    assertTrue(
        plan.stream().anyMatch(line -> line.contains("Index Scan using order_inventory_expires_at"))
            && plan.stream().noneMatch(line -> line.matches(".*(Seq Scan|Sort).*")),
        plan::toString);
    List<String> ofLocks = explainLock();
    assertTrue(
        ofLocks.stream().noneMatch(line -> line.contains("Seq Scan on order_inventory")),
        ofLocks::toString);
  }

  @Test
  void oneSweepWorksAtATimeAndWaitsForNoBatch() throws SQLException {
    // Given: another sweep, and then a batch that has changed order 2
    database.execute(ORDERS.formatted(3, NOW));
    try (Connection other = DriverManager.getConnection(database.url(), "postgres", "postgres");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(
          "SELECT pg_advisory_xact_lock(hashtext('orderflow.expiry'),"
              + " hashtext('\"public\".\"order_inventory\"'))");

      // When, Then
      assertEquals(0, release(sweep(), 9).orders());
      other.rollback();
      statement.execute("UPDATE order_inventory SET updated_at = now() WHERE order_id = 2");
      assertEquals(2, release(sweep(), 9).orders());
      other.rollback();
      assertEquals(1, release(sweep(), 9).orders());
      assertEquals(List.of("3|1|3"), database.rows(EXPIRED));
    }
  }

  @Test
  void stockThatIsLostStopsNoSweep() throws SQLException {
    // Given
    database.execute(ORDERS.formatted(2, NOW));
    database.execute("UPDATE stock SET reserved = 0");

    // When
    ExpirySweep sweep = sweep();
    assertEquals(2, release(sweep, 9).orders());
    assertEquals(0, release(sweep, 9).orders());

    // Then: the orders keep it, and the view shows it
    assertEquals(List.of("2|1|2"), database.rows(EXPIRED));
    assertFalse(database.drift().isEmpty());
    database.execute("UPDATE stock SET reserved = 2");
  }

  /** More is reserved than may be sold, since pieces are missing, on hold, or safety stock. */
  @ParameterizedTest
  @CsvSource({
    "'on_hand = 1, shortage = 2', false, 1",
    "'on_hand = 1, shortage = 2', true, 1",
    "'on_hand = 3, unavailable = 2, shortage = 2', false, 1",
    "'on_hand = 3, unavailable = 2, shortage = 2', true, 1",
    "'on_hand = 4, safety = 9', false, 0",
    "'on_hand = 4, safety = 9', true, 0",
  })
  void sweepReleasesWhatIsReservedBeyondStock(String values, boolean hasTriggers, int shortageOfTwo)
      throws SQLException {
    // Given
    database.execute(ORDERS.formatted(3, NOW));
    database.execute("UPDATE stock SET " + values);
    database.execute(
        "INSERT INTO order_inventory (order_id, version, state, skus, reserved, on_hand_delta,"
            + " unavailable) SELECT 100, 1, 'ON_HOLD', '{A}', '{0}', '{0}', ARRAY[unavailable]"
            + " FROM stock WHERE unavailable > 0");
    if (hasTriggers) {
      database.execute(trigger("order_inventory", "true", "NEW.updated_at := now()"));
    }

    // When, Then
    assertEquals(1, release(sweep(), 1).orders());
    assertEquals(
        List.of("2|" + shortageOfTwo), database.rows("SELECT reserved, shortage FROM stock"));
    assertEquals(2, release(sweep(), 9).orders());
    assertEquals(List.of("0|0"), database.rows("SELECT reserved, shortage FROM stock"));
  }

  @Test
  void stockIsReleasedWhereItIsReservedAlsoAtLocationsThatAreNotChosenAnyMore()
      throws SQLException {
    // Given: an order at two locations, of which one has shipped a piece
    database.execute(
        WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
    database.execute(
        """
        INSERT INTO stock (sku, location, on_hand, reserved, moved)
        VALUES ('A', '', 8, 4, 0), ('A', 'berlin', 5, 2, 0), ('A', 'essen', 5, 3, -1);
        INSERT INTO order_inventory
          (order_id, version, state, skus, locations, reserved, on_hand_delta, backordered, expires_at)
        VALUES (1, 1, 'RESERVED', '{A}', NULL, '{4}', '{0}', NULL, timestamptz '%1$s' + interval '2 s'),
               (2, 1, 'PARTIALLY_RESERVED', '{A,A,B}', '{berlin,essen,essen}', '{2,3,0}', '{0,-1,0}',
                '{0,0,7}', timestamptz '%1$s')"""
            .formatted(NOW));
    assertEquals(
        List.of("2|A|berlin|2", "2|A|essen|3", "1|A||4"),
        database.rows(
            "SELECT order_id, sku, location, reserved FROM order_inventory_expiring"
                + " ORDER BY expires_at, location"));

    // When
    ExpirySweep sweep = sweep(WarehouseDatabase.WITH_AUDIT, FIXED);
    assertEquals(1, release(sweep, 1).orders());

    // Then
    assertEquals(
        List.of("|8|4", "berlin|5|0", "essen|5|0"),
        database.rows("SELECT location, on_hand, reserved FROM stock ORDER BY 1"));
    assertEquals(
        List.of("EXPIRED|{A}|{essen}|{0}|{-1}|null|null"),
        database.rows(
            "SELECT state, skus, locations, reserved, on_hand_delta, backordered, expires_at"
                + " FROM order_inventory WHERE order_id = 2"));
    assertEquals(
        List.of("2|1|EXPIRED|{A,A}|{berlin,essen}|{-2,-3}|{0,0}"),
        database.rows(
            "SELECT order_id, version, state, skus, locations, reserved, on_hand FROM order_audit"));

    // When
    assertEquals(1, release(sweep, 9).orders());

    // Then
    assertEquals(
        List.of("EXPIRED|{}|null|{}|{}"),
        database.rows(
            "SELECT state, skus, locations, reserved, on_hand_delta"
                + " FROM order_inventory WHERE order_id = 1"));
  }

  @Test
  void sweepOfTablesThatCountInOtherStepsReleasesNothing() throws SQLException {
    // Given
    database.execute(ORDERS.formatted(2, NOW));
    ExpirySweep sweep =
        new ExpirySweep(
            pool,
            WarehouseDatabase.TABLES,
            OrderIdType.BIGINT,
            new ScaleGuard("3", 0),
            WITHOUT_LOCATIONS);

    // When, Then
    assertThrows(ChangedScaleException.class, () -> release(sweep, 9));
    assertEquals(List.of("0|null|null"), database.rows(EXPIRED));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoTasksReleaseEachReservationOnce(boolean hasTriggers) throws SQLException {
    // Given
    database.execute(
        WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
    database.execute(ORDERS.formatted(3_000, NOW));
    database.execute("UPDATE order_inventory SET revision = 1");
    if (hasTriggers) {
      database.execute(trigger("order_inventory", "true", "NEW.updated_at := now()"));
    }

    // When
    List<CompletableFuture<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ExpirySweep sweep = sweep(WarehouseDatabase.WITH_AUDIT, WITHOUT_LOCATIONS);
      tasks.add(CompletableFuture.supplyAsync(() -> releaseAll(sweep, 3_000)));
    }
    int released = tasks.stream().mapToInt(CompletableFuture::join).sum();

    // Then
    assertEquals(3_000, released);
    assertEquals(
        List.of("3000|EXPIRED|2"),
        database.rows("SELECT count(*), state, revision FROM order_inventory GROUP BY 2, 3"));
    assertEquals(
        List.of("3000|3000|-3000"),
        database.rows(
            "SELECT count(*), count(DISTINCT order_id), sum(reserved[1]) FROM order_audit"));
    assertEquals(List.of("0"), database.rows("SELECT reserved FROM stock"));
  }

  /** Releases until nothing is left for any task. */
  private int releaseAll(ExpirySweep sweep, int seconds) {
    try {
      int released = 0;
      while (!database.rows("SELECT FROM order_inventory WHERE expires_at IS NOT NULL").isEmpty()) {
        released += release(sweep, seconds).orders();
      }
      return released;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void versionThatArrivesDuringASweepWins(boolean hasTriggers) throws Exception {
    // Given: a sweep that has locked the order, and waits for its stock
    database.execute(ORDERS.formatted(1, NOW));
    database.execute("UPDATE order_inventory SET revision = 1");
    if (hasTriggers) {
      database.execute(trigger("order_inventory", "true", "NEW.updated_at := now()"));
    }
    try (RunningSink task = RunningSink.with(settings(), new FakeSinkContext(true));
        Connection other = DriverManager.getConnection(database.url(), "postgres", "postgres");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM stock FOR UPDATE");
      CompletableFuture<Integer> sweep = CompletableFuture.supplyAsync(this::releaseDue);
      awaitWaiting(1);

      // When: a batch has read the order before the sweep is committed
      CompletableFuture<Void> batch =
          CompletableFuture.runAsync(() -> task.put(Events.order(1L, 2, "PAID", "A:3")));
      awaitWaiting(2);
      other.rollback();

      // Then: the batch is repeated on the order without its reservation
      assertEquals(1, sweep.join());
      batch.join();
      assertEquals(List.of(), task.reported());
    }
    assertEquals(
        List.of("2|RESERVED|{3}|null|3"),
        database.rows(
            "SELECT version, state, reserved, expires_at, revision FROM order_inventory"));
    assertEquals(List.of("3"), database.rows("SELECT reserved FROM stock"));
  }

  @Test
  void orderThatChangesWhileASweepWaitsForItsStockIsLeftOut() throws Exception {
    // Given: tables with triggers, whose stock is locked first
    database.execute(ORDERS.formatted(2, NOW));
    database.execute(trigger("order_inventory", "true", "NEW.updated_at := now()"));
    try (Connection other = DriverManager.getConnection(database.url(), "postgres", "postgres");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM stock FOR UPDATE");
      CompletableFuture<Integer> sweep = CompletableFuture.supplyAsync(this::releaseDue);
      awaitWaiting(1);

      // When: no order is locked meanwhile
      statement.execute(
          "SET LOCAL lock_timeout = '1s'; UPDATE order_inventory SET version = 2, expires_at = NULL,"
              + " revision = revision + 1 WHERE order_id = 1");
      other.commit();

      // Then
      assertEquals(1, sweep.join());
    }
    assertEquals(
        List.of("1|2|RESERVED", "2|1|EXPIRED"),
        database.rows("SELECT order_id, version, state FROM order_inventory ORDER BY 1"));
  }

  private int releaseDue() {
    try {
      return release(sweep(), 9).orders();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until so many sessions wait for a lock. */
  private void awaitWaiting(int sessions) {
    Eventually.until(
        () ->
            database
                .rows(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")
                .equals(List.of(String.valueOf(sessions))));
  }

  /** A trigger's table and what it does with the row of order 2, or of its SKU. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "order_inventory ~ RETURN NULL",
        "order_inventory ~ NEW.version := NEW.version + 9",
        "order_inventory ~ NEW.skus := OLD.skus; NEW.reserved := OLD.reserved",
        "order_inventory ~ NEW.expires_at := OLD.expires_at",
        "stock ~ RETURN NULL",
        "stock ~ NEW.reserved := OLD.reserved",
      })
  void sweepOfARowThatATriggerSuppressesOrChangesReleasesNothing(String table, String action)
      throws SQLException {
    // Given
    database.execute(ORDERS.formatted(3, NOW));
    database.execute(
        """
        INSERT INTO stock (sku, on_hand, reserved) VALUES ('B', 5, 1);
        UPDATE stock SET reserved = 2 WHERE sku = 'A';
        UPDATE order_inventory SET skus = '{B}' WHERE order_id = 2""");
    database.execute(
        trigger(table, table.equals("stock") ? "NEW.sku = 'B'" : "NEW.order_id = 2", action));
    ExpirySweep sweep = sweep();

    // When, Then
    assertThrows(ConcurrentChangeException.class, () -> release(sweep, 9));
    assertEquals(Optional.empty(), sweep.soleOrder());
    assertEquals(List.of("0|null|null"), database.rows(EXPIRED));

    // When: one after the other
    assertEquals(1, sweep.release(NOW.plusSeconds(9), 1).orders());
    assertThrows(ConcurrentChangeException.class, () -> sweep.release(NOW.plusSeconds(9), 1));

    // Then
    assertEquals(Optional.of(2L), sweep.soleOrder());
    assertEquals(List.of("1|1|1"), database.rows(EXPIRED));
  }

  private static String trigger(String table, String condition, String action) {
    return """
        CREATE FUNCTION interfere() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF %s THEN %s; END IF; RETURN NEW; END $$;
        CREATE TRIGGER interfere BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION interfere()"""
        .formatted(condition, action, table);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("reservation.ttl.ms", "3600000");
    settings.put("reservation.ttl.statuses", "PENDING");
    return settings;
  }

  private static ExpirySweep.Result release(ExpirySweep sweep, int seconds) throws SQLException {
    return sweep.release(NOW.plusSeconds(seconds), Sweep.MAX_ORDERS);
  }

  private ExpirySweep sweep() {
    return sweep(WarehouseDatabase.TABLES, WITHOUT_LOCATIONS);
  }

  private ExpirySweep sweep(WarehouseTables tables, ReservationRules rules) {
    return new ExpirySweep(pool, tables, OrderIdType.BIGINT, new ScaleGuard("0", 0), rules);
  }

  /** How the sink's own sessions find what is due, with so many orders due. */
  private List<String> explain(int due) {
    return explain(
        statements()
            .readSql
            .replaceFirst("\\?", "'%s'".formatted(NOW.plusSeconds(due)))
            .replaceFirst("\\?", "500"));
  }

  /** How 500 orders are locked whose stock is locked first. */
  private List<String> explainLock() {
    return explain(
        new OrderLocks(WarehouseDatabase.TABLES, new OrderIdColumn(OrderIdType.BIGINT))
            .lockSql
            .replaceFirst("\\?", "ARRAY(SELECT generate_series(1, 500))")
            .replaceFirst(
                "\\?",
                "ARRAY(SELECT revision FROM order_inventory WHERE order_id <= 500 ORDER BY order_id)"));
  }

  private static DueOrders statements() {
    OrderIdColumn ids = new OrderIdColumn(OrderIdType.BIGINT);
    return new DueOrders(
        WarehouseDatabase.TABLES,
        ids,
        new OrderRows(WarehouseDatabase.TABLES, ids, WITHOUT_LOCATIONS));
  }

  private List<String> explain(String query) {
    try {
      return pool.transaction(
          connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet rows =
                    statement.executeQuery(
                        "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " + query)) {
              List<String> lines = new ArrayList<>();
              while (rows.next()) {
                lines.add(rows.getString(1));
              }
              return lines;
            }
          });
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
