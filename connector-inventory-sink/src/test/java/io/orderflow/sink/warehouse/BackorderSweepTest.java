package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.orderflow.sink.plan.LocationRules;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.ReservationRules;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(600)
class BackorderSweepTest {

  private static final Logger LOG = LoggerFactory.getLogger(BackorderSweepTest.class);

  /** -Dorderflow.backorders.waiting=N sets how many orders wait. */
  private static final int WAITING = Integer.getInteger("orderflow.backorders.waiting", 20_000);

  /** Orders that wait for one SKU: every other one for a piece, the others for 100. */
  private static final List<String> QUEUE =
      List.of(
          "INSERT INTO stock (sku, on_hand) VALUES ('A', 0), ('B', 0)",
          "INSERT INTO order_inventory (order_id, version, state, reason, skus, reserved, on_hand_delta)"
              + " SELECT n, 1, 'REJECTED', 'INSUFFICIENT_STOCK', '{}', '{}', '{}'"
              + " FROM generate_series(1, %d) n",
          "INSERT INTO order_backorders (order_id, version, sku, wanted, on_hand_delta, lacking)"
              + " SELECT n, 1, 'A', q, 0, q FROM generate_series(1, %d) n,"
              + " LATERAL (SELECT CASE WHEN n %% 2 = 1 THEN 100 ELSE 1 END) w (q) ORDER BY n",
          "VACUUM ANALYZE order_inventory",
          "VACUUM ANALYZE order_backorders");

  private static final String FILLED =
      "SELECT count(*), min(order_id), max(order_id) FROM order_inventory WHERE state = 'BACKORDER_FILLED'";

  private static final String STATES =
      "SELECT order_id, version, state, reason, reserved, backordered FROM order_inventory"
          + " WHERE order_id < 100 ORDER BY 1";

  private WarehouseDatabase database;
  private Database pool;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.withBackorders();
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

  @ParameterizedTest
  @EnumSource(ReservationPolicy.class)
  void receiptReadsAndFillsOnlyThoseWhomItServes(ReservationPolicy policy) throws SQLException {
    // Given: the first one wants 100
    for (String statement : QUEUE) {
      database.execute(statement.formatted(WAITING));
    }
    database.execute("UPDATE stock SET on_hand = 3 WHERE sku = 'A'");
    database.execute("INSERT INTO order_backorders_due (sku) VALUES ('A')");
    explainAll(policy);

    // When
    BackorderSweep sweep = sweep(policy);
    BackorderSweep.Result result = sweep.fill(Sweep.MAX_ORDERS);

    // Then
    if (policy == ReservationPolicy.ALL_OR_NOTHING) {
      assertEquals(new BackorderSweep.Result(3, 0, true), withMore(result));
      assertEquals(List.of("3|2|6"), database.rows(FILLED));
    } else {
      assertEquals(new BackorderSweep.Result(0, 1, true), withMore(result));
      assertEquals(List.of("1|1|PARTIALLY_RESERVED|INSUFFICIENT_STOCK|{3}|{97}"), rows(1));
    }
    while (sweep.fill(Sweep.MAX_ORDERS).mayLeaveMore()) {
      // Nobody else gets anything.
    }
    assertEquals(List.of("A|3|3", "B|0|0"), database.stock());
    assertEquals(List.of(), database.rows("SELECT * FROM order_backorders_due"));
  }

  private static BackorderSweep.Result withMore(BackorderSweep.Result result) {
    return new BackorderSweep.Result(result.filled(), result.inPart(), true);
  }

  private List<String> rows(long order) throws SQLException {
    return database.rows(STATES.replace("order_id < 100", "order_id = " + order));
  }

  /** Logs the plans, for the record of the decision, and fails if one of them scans a table. */
  private void explainAll(ReservationPolicy policy) {
    OrderIdColumn ids = new OrderIdColumn(OrderIdType.BIGINT);
    BackorderQueue queue =
        new BackorderQueue(
            WarehouseDatabase.BACKORDERS, WarehouseDatabase.WITH_BACKORDERS, ids, rules(policy));
    BackorderSql sql = BackorderSql.of(WarehouseDatabase.BACKORDERS, ids);
    Map<String, List<String>> statements =
        Map.of(
            "due",
            List.of(queue.dueSql, "500"),
            "candidates, " + policy,
            policy == ReservationPolicy.PARTIAL
                ? List.of(queue.candidatesSql, "'{A}'", "0", "500", "500")
                : List.of(queue.candidatesSql, "'{A}'", "0", "500", "500", "500"),
            "lines",
            List.of(queue.linesSql, "ARRAY(SELECT generate_series(1, 500))"),
            "look",
            List.of(queue.lookSql, "''", "500"),
            "queues",
            List.of(sql.queues(), "'{A,B,C}'"),
            "remove",
            List.of(
                sql.removeOthers(),
                "ARRAY(SELECT generate_series(1, 500))",
                "ARRAY(SELECT 1 FROM generate_series(1, 500))"),
            "keep",
            List.of(
                sql.keep(),
                "ARRAY(SELECT generate_series(1, 500))",
                "ARRAY(SELECT 1 FROM generate_series(1, 500))",
                "ARRAY(SELECT 1 FROM generate_series(1, 500))"),
            "upsert",
            List.of(
                sql.upsert(),
                "ARRAY(SELECT generate_series(1, 500))",
                "ARRAY(SELECT 2 FROM generate_series(1, 500))",
                "ARRAY(SELECT 'A' FROM generate_series(1, 500))",
                "ARRAY(SELECT '' FROM generate_series(1, 500))",
                "ARRAY(SELECT 2 FROM generate_series(1, 500))",
                "ARRAY(SELECT 0 FROM generate_series(1, 500))",
                "ARRAY(SELECT 1 FROM generate_series(1, 500))"),
            "note due",
            List.of(sql.noteDue(), "'{A,B,C}'"));
    statements.forEach(
        (name, statement) -> {
          String text = statement.get(0);
          for (String value : statement.subList(1, statement.size())) {
            text = text.replaceFirst("\\?", value);
          }
          List<String> plan = explain(text);
          LOG.info("{} with {} waiting:\n{}", name, WAITING, String.join("\n", plan));
          assertTrue(
              plan.stream().noneMatch(line -> line.contains("Seq Scan on ")), plan::toString);
          long most =
              plan.stream()
                  .map(line -> line.replaceFirst(".*actual rows=([0-9]+).*", "$1"))
                  .filter(rows -> rows.matches("[0-9]+"))
                  .mapToLong(Long::parseLong)
                  .max()
                  .orElse(0);
          assertTrue(most <= 500, plan::toString);
        });
  }

  @Test
  void taskFillsWhatWaitsAndLeavesItsTrail() throws Exception {
    // Given
    database.execute(
        WarehouseDatabase.ALL.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
    database.stock("A", 2);
    Map<String, String> settings = settings(true);
    settings.put("reservation.policy", "partial");
    settings.put("audit", "true");
    FakeSinkContext context = new FakeSinkContext(true);
    try (RunningSink sink = RunningSink.with(settings, context)) {
      sink.put(Events.order(1L, 1, "PLACED", "A:3"), Events.order(2L, 1, "PLACED", "A:2", "N:1"));
      sink.put(Events.inventory(2L, 2, "KEEP"));
      assertEquals(
          List.of(
              "1|1|PARTIALLY_RESERVED|INSUFFICIENT_STOCK|{2}|{1}",
              "2|2|REJECTED|UNKNOWN_SKU|{}|null"),
          database.rows(STATES));
      assertEquals(
          List.of("A|1|1|3|1", "A|2|2|2|2", "N|2|2|1|1"),
          database.rows(
              "SELECT sku, order_id, version, wanted, lacking FROM order_backorders_units"
                  + " ORDER BY sku, place"));

      // When
      sink.put(Events.inventory(101L, 1, "RECEIVE", "A:2"));

      // Then
      await(
          sink,
          "1|1|BACKORDER_FILLED|null|{3}|null",
          "2|2|PARTIALLY_RESERVED|UNKNOWN_SKU|{1,0}|{1,1}");

      // When: a new SKU, and stock that is typed
      sink.put(Events.inventory(102L, 1, "RECEIVE", "N:1"));
      database.execute("UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'A'");

      // Then
      await(sink, "1|1|BACKORDER_FILLED|null|{3}|null", "2|2|BACKORDER_FILLED|null|{2,1}|null");
      assertEquals(List.of(), database.rows("SELECT * FROM order_backorders"));
      assertEquals(
          List.of("1|1|{1}", "2|2|3"),
          List.of(
              database
                  .rows(
                      "SELECT order_id, version, reserved FROM order_audit"
                          + " WHERE kind = 'backorder' AND order_id = 1")
                  .get(0),
              database
                  .rows(
                      "SELECT order_id, version, sum((SELECT sum(q) FROM unnest(reserved) q))"
                          + " FROM order_audit WHERE kind = 'backorder' AND order_id = 2 GROUP BY 1, 2")
                  .get(0)));
      assertTrue(context.metric("backorders-filled-total") >= 1);

      // When: a replay, and a later version
      sink.put(Events.order(1L, 1, "PLACED", "A:3"), Events.order(2L, 3, "CANCELLED", "A:2"));

      // Then
      assertEquals(
          List.of("1|1|BACKORDER_FILLED|null|{3}|null", "2|3|RELEASED|null|{}|null"),
          database.rows(STATES));
      assertEquals(List.of(), sink.reported());
    }
  }

  private void await(RunningSink sink, String... rows) {
    Eventually.until(
        () -> {
          sink.poll();
          return database.rows(STATES).equals(List.of(rows));
        });
  }

  @Test
  void orderKeepsItsPlaceUnlessItWantsMore() throws SQLException {
    database.stock("A", 0);
    try (RunningSink sink = RunningSink.with(settings(false), new FakeSinkContext(true))) {
      sink.put(
          Events.order(1L, 1, "PLACED", "A:2"),
          Events.order(2L, 1, "PLACED", "A:2"),
          Events.order(3L, 1, "PLACED", "A:2"));
      assertEquals(List.of("1", "2", "3"), queue());
      sink.put(Events.order(2L, 2, "PLACED", "A:1"), Events.order(1L, 2, "PLACED", "A:3"));
      assertEquals(List.of("2", "3", "1"), queue());
      sink.put(Events.order(3L, 2, "CANCELLED", "A:2"), Events.tombstone(1L));
      assertEquals(List.of("2"), queue());
      assertEquals(List.of(), sink.reported());
    }
  }

  private List<String> queue() throws SQLException {
    return database.rows("SELECT order_id FROM order_backorders_units ORDER BY place");
  }

  @Test
  void newcomerGetsNothingOfWhatCameForOthers() throws SQLException {
    // Given: a task whose sweeps another one prevents
    database.stock("A", 0);
    try (Connection other = DriverManager.getConnection(database.url(), "postgres", "postgres");
        Statement statement = other.createStatement();
        RunningSink sink = RunningSink.with(settings(false), new FakeSinkContext(true))) {
      other.setAutoCommit(false);
      statement.execute(
          "SELECT pg_advisory_xact_lock(hashtext('orderflow.backorders'),"
              + " hashtext('\"public\".\"order_inventory\"'))");
      sink.put(Events.order(1L, 1, "PLACED", "A:2"));

      // When: in the same batch, and in a later one
      sink.put(Events.inventory(101L, 1, "RECEIVE", "A:3"), Events.order(2L, 1, "PLACED", "A:1"));
      sink.put(Events.order(3L, 1, "PLACED", "A:1"));

      // Then
      assertEquals(
          List.of("1|REJECTED", "2|REJECTED", "3|REJECTED"),
          database.rows(
              "SELECT order_id, state FROM order_inventory WHERE order_id < 100 ORDER BY 1"));
      other.rollback();
      await(
          sink,
          "1|1|BACKORDER_FILLED|null|{2}|null",
          "2|1|BACKORDER_FILLED|null|{1}|null",
          "3|1|REJECTED|INSUFFICIENT_STOCK|{}|null");
    }
  }

  /** What was free before the receipt is for newcomers once, and not once for each of them. */
  @Test
  void newcomersTogetherGetNoMoreThanWasFree() throws SQLException {
    database.stock("A", 5);
    try (RunningSink sink = RunningSink.with(settings(false), new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 1, "PLACED", "A:95"));
    }
    sweep(ReservationPolicy.ALL_OR_NOTHING).fill(Sweep.MAX_ORDERS);
    try (RunningSink sink = RunningSink.with(settings(false), new FakeSinkContext(true))) {
      sink.put(
          Events.inventory(101L, 1, "RECEIVE", "A:95"),
          Events.order(2L, 1, "PLACED", "A:5"),
          Events.order(3L, 1, "PLACED", "A:5"));
      await(
          sink,
          "1|1|BACKORDER_FILLED|null|{95}|null",
          "2|1|RESERVED|null|{5}|null",
          "3|1|REJECTED|INSUFFICIENT_STOCK|{}|null");
    }
  }

  @Test
  void orderThatWaitsExpiresAtItsDeadline() throws SQLException {
    database.stock("A", 0);
    Map<String, String> settings = settings(false);
    settings.put("reservation.ttl.ms", "300");
    settings.put("reservation.ttl.statuses", "PENDING");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(
          Events.producedNow(Events.order(1L, 1, "PENDING", "A:1")),
          Events.producedNow(Events.order(2L, 1, "PAID", "A:1")));
      await(sink, "1|1|EXPIRED|null|{}|null", "2|1|REJECTED|INSUFFICIENT_STOCK|{}|null");
      assertEquals(List.of("2"), queue());
    }
  }

  /** Rows that were left while backorders were switched off do not bring back an old version. */
  @Test
  void rowsOfAnotherVersionAreRemoved() throws SQLException {
    // Given
    database.stock("A", 0);
    try (RunningSink sink = RunningSink.with(settings(false), new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 1, "PLACED", "A:5"), Events.order(2L, 1, "PLACED", "A:1"));
    }
    Map<String, String> off = settings(false);
    off.remove("backorders");
    try (RunningSink sink = RunningSink.with(off, new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 2, "PLACED", "A:9"), Events.order(2L, 2, "CANCELLED", "A:1"));
    }
    database.execute("UPDATE stock SET on_hand = 20");

    // When
    BackorderSweep sweep = sweep(ReservationPolicy.ALL_OR_NOTHING);
    assertEquals(new BackorderSweep.Result(0, 0, false), sweep.fill(Sweep.MAX_ORDERS));

    // Then
    assertEquals(List.of(), database.rows("SELECT * FROM order_backorders"));
    assertEquals(List.of("A|20|0"), database.stock());
  }

  @Test
  void orderWaitsOnlyForTheLinesOfItsVersion() throws SQLException {
    // Given: version 1 waits, and then backorders are switched off for a time
    database.execute("INSERT INTO stock (sku, on_hand) VALUES ('A', 0), ('B', 0), ('C', 9)");
    try (RunningSink sink = RunningSink.with(settings(false), new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 1, "PLACED", "A:5"));
    }
    Map<String, String> off = settings(false);
    off.remove("backorders");
    try (RunningSink sink = RunningSink.with(off, new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 2, "PLACED", "C:1"));
    }

    // When
    try (RunningSink sink = RunningSink.with(settings(false), new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 3, "PLACED", "B:1"));
    }

    // Then
    assertEquals(
        List.of("B|3"), database.rows("SELECT sku, version FROM order_backorders ORDER BY 1"));

    // When: a row of the old version, as it was left before
    database.execute(
        "INSERT INTO order_backorders (order_id, version, sku, wanted, on_hand_delta, lacking)"
            + " VALUES (1, 1, 'A', 5, 0, 5); UPDATE stock SET on_hand = 9");
    BackorderSweep sweep = sweep(ReservationPolicy.ALL_OR_NOTHING);
    while (sweep.fill(Sweep.MAX_ORDERS).mayLeaveMore()) {
      // Until nobody gets anything.
    }
    sweep.fill(Sweep.MAX_ORDERS);

    // Then
    assertEquals(List.of("1|3|BACKORDER_FILLED|null|{1}|null"), rows(1));
    assertEquals(List.of("A|9|0", "B|9|1", "C|9|0"), database.stock());
    assertEquals(List.of(), database.rows("SELECT * FROM order_backorders"));
  }

  @Test
  void stockThatIsTypedIsFoundWhileOtherStockIsDue() throws SQLException {
    // Given
    database.execute("INSERT INTO stock (sku, on_hand) VALUES ('A', 0), ('B', 0)");
    try (RunningSink sink = RunningSink.with(settings(false), new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 1, "PLACED", "A:1"), Events.order(2L, 1, "PLACED", "B:1"));
    }
    database.execute(
        "UPDATE stock SET on_hand = 1 WHERE sku = 'A'; DELETE FROM order_backorders_due");
    BackorderSweep sweep = sweep(ReservationPolicy.ALL_OR_NOTHING);

    // When, then
    Eventually.until(
        () -> {
          database.execute("INSERT INTO order_backorders_due (sku) VALUES ('B')");
          sweep.fill(Sweep.MAX_ORDERS);
          return rows(1).equals(List.of("1|1|BACKORDER_FILLED|null|{1}|null"));
        });
  }

  private Map<String, String> settings(boolean fast) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("backorders", "true");
    if (fast) {
      settings.put("batch.linger.ms", "0");
    }
    return settings;
  }

  private static ReservationRules rules(ReservationPolicy policy) {
    return new ReservationRules(policy, false, LocationRules.NONE, false, true);
  }

  private BackorderSweep sweep(ReservationPolicy policy) {
    return new BackorderSweep(
        pool,
        WarehouseDatabase.WITH_BACKORDERS,
        WarehouseDatabase.BACKORDERS,
        OrderIdType.BIGINT,
        new ScaleGuard("0", 0),
        rules(policy));
  }

  private List<String> explain(String query) {
    try {
      return pool.transaction(
          connection -> {
            List<String> lines = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                ResultSet rows =
                    statement.executeQuery(
                        "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " + query)) {
              while (rows.next()) {
                lines.add(rows.getString(1));
              }
            }
            connection.rollback();
            return lines;
          });
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
