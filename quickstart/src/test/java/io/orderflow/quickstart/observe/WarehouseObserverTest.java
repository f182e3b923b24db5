package io.orderflow.quickstart.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.quickstart.setup.ConfigExamples;
import io.orderflow.quickstart.setup.Rows;
import io.orderflow.quickstart.shop.OrderVersion;
import io.orderflow.stack.SqlScript;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The latency that is shown is the one that the databases recorded, whenever the observer looks.
 */
class WarehouseObserverTest {

  private static EmbeddedPostgres postgres;

  private final Progress orders = new Progress();
  private final Progress payments = new Progress();
  private final LatencyWindow latencies = new LatencyWindow();

  @BeforeAll
  static void createWarehouse() throws IOException, SQLException {
    postgres = EmbeddedPostgres.builder().setServerConfig("track_commit_timestamp", "on").start();
    try (Connection connection = connect()) {
      SqlScript.run(connection, ConfigExamples.ofThisCheckout().warehouseInstall());
      execute(connection, "CREATE TABLE orders (id bigint PRIMARY KEY)");
    }
  }

  @AfterAll
  static void stopServer() throws IOException {
    postgres.close();
  }

  @Test
  void latencyIsFromCommitToCommitHoweverLateTheLook() throws SQLException {
    // Given
    try (Connection shop = connect();
        Connection warehouse = connect()) {
      orders.committed(List.of(new OrderVersion(1, 1)), commitOrder(shop));
      apply(warehouse);
      long trueMicros = trueLatencyMicros(shop);
      execute(shop, "SELECT pg_sleep(0.5)");

      // When
      new WarehouseObserver(shop, warehouse, orders, payments, latencies).look();

      // Then
      Percentiles shown = latencies.percentiles(0);
      assertEquals(new Percentiles(1, trueMicros / 1e3, trueMicros / 1e3), shown);
      assertTrue(trueMicros >= 100_000, trueMicros + " us, though the warehouse waited 100 ms");
    }
  }

  private static long commitOrder(Connection shop) throws SQLException {
    long[] transaction = new long[1];
    shop.setAutoCommit(false);
    execute(shop, "INSERT INTO orders VALUES (1)");
    Rows.each(
        shop, "SELECT pg_current_xact_id()::text::bigint", row -> transaction[0] = row.getLong(1));
    shop.commit();
    shop.setAutoCommit(true);
    return transaction[0];
  }

  private static void apply(Connection warehouse) throws SQLException {
    warehouse.setAutoCommit(false);
    execute(
        warehouse,
        """
        INSERT INTO order_inventory (order_id, version, state, skus, reserved, on_hand_delta)
        VALUES (1, 1, 'RESERVED', '{A}', '{1}', '{0}')
        """);
    execute(warehouse, "SELECT pg_sleep(0.1)");
    warehouse.commit();
    warehouse.setAutoCommit(true);
  }

  private static long trueLatencyMicros(Connection connection) throws SQLException {
    long[] micros = new long[1];
    Rows.each(
        connection,
        """
        SELECT extract(epoch FROM pg_xact_commit_timestamp(i.xmin) - pg_xact_commit_timestamp(o.xmin))
               * 1000000
        FROM orders o JOIN order_inventory i ON i.order_id = o.id
        """,
        row -> micros[0] = row.getLong(1));
    return micros[0];
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect() throws SQLException {
    return postgres.getPostgresDatabase().getConnection();
  }
}
