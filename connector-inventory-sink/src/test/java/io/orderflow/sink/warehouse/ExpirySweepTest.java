package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConfig;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

    // When
    ExpirySweep sweep = sweep();
    ExpirySweep.Result first = sweep.release(NOW.plusSeconds(700));
    ExpirySweep.Result second = sweep.release(NOW.plusSeconds(700));
    ExpirySweep.Result third = sweep.release(NOW.plusSeconds(700));

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
      assertEquals(0, sweep().release(NOW.plusSeconds(9)).orders());
      other.rollback();
      statement.execute("UPDATE order_inventory SET updated_at = now() WHERE order_id = 2");
      assertEquals(2, sweep().release(NOW.plusSeconds(9)).orders());
      other.rollback();
      assertEquals(1, sweep().release(NOW.plusSeconds(9)).orders());
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
    assertEquals(2, sweep.release(NOW.plusSeconds(9)).orders());
    assertEquals(0, sweep.release(NOW.plusSeconds(9)).orders());

    // Then: the orders keep it, and the view shows it
    assertEquals(List.of("2|1|2"), database.rows(EXPIRED));
    assertFalse(database.drift().isEmpty());
    database.execute("UPDATE stock SET reserved = 2");
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
    assertEquals(1, sweep.release(NOW.plusSeconds(1)).orders());

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
    assertEquals(1, sweep.release(NOW.plusSeconds(9)).orders());

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
    assertThrows(ChangedScaleException.class, () -> sweep.release(NOW.plusSeconds(9)));
    assertEquals(List.of("0|null|null"), database.rows(EXPIRED));
  }

  private ExpirySweep sweep() {
    return sweep(WarehouseDatabase.TABLES, WITHOUT_LOCATIONS);
  }

  private ExpirySweep sweep(WarehouseTables tables, ReservationRules rules) {
    return new ExpirySweep(pool, tables, OrderIdType.BIGINT, new ScaleGuard("0", 0), rules);
  }

  /** How the sink's own sessions find what is due, with so many orders due. */
  private List<String> explain(int due) {
    try {
      return pool.transaction(
          connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet rows =
                    statement.executeQuery(
                        "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) SELECT "
                            + OrderSql.STORED
                            + OrderSql.DEADLINE
                            + " FROM order_inventory WHERE expires_at <= '"
                            + NOW.plusSeconds(due)
                            + "' ORDER BY expires_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED")) {
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
