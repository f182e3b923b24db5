package io.orderflow.source;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The statements of triggers fit the tables as they are, not as they were when a session began: an
 * import into a new shop is one session, and a plan for an empty table reads all of it each time.
 */
class TriggerPlansTest {

  private static final Map<String, String> DELETES =
      Map.of(
          "deletes.table",
          "orders_deleted",
          "watch.tables",
          "lines:shipment_id>shipments.id:order_id");

  private static final int ORDERS = 3_000;

  private final Shop shop = Postgres.newShop();

  @ParameterizedTest
  @ValueSource(strings = {"", "PARTITION BY HASH (order_id)"})
  void importIntoEmptyTablesReadsNoTableAgainAndAgain(String partitioning) throws SQLException {
    // Given
    // A foreign key would read the tables as well, with plans of the server's own.
    shop.run(Shop.TABLES.replace("REFERENCES orders ON DELETE CASCADE", "") + partitioning);
    if (!partitioning.isEmpty()) {
      shop.run(
          "CREATE TABLE items_0 PARTITION OF order_items FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
    }
    shop.run(
        """
        CREATE TABLE shipments (id bigint PRIMARY KEY, order_id bigint);
        CREATE TABLE lines (id bigint PRIMARY KEY, shipment_id bigint);
        """);
    shop.install(DELETES, "id", OrderIdType.BIGINT);
    shop.runScript(shop.installSql(DELETES, "id", OrderIdType.BIGINT).deletesInstall());
    try (Connection connection = shop.connect();
        Statement settings = connection.createStatement()) {
      settings.execute("SET plan_cache_mode = force_generic_plan");
      for (int id = 1; id <= ORDERS; id++) {
        if (id == 20) {
          // As autovacuum does: now the plans are made for tables of one page.
          settings.execute("ANALYZE");
        }
        placeAndReplace(connection, id);
      }
    }

    // When
    // A session reports its figures at its end, which before PostgreSQL 15 takes a moment.
    await()
        .until(
            () ->
                shop.value("SELECT n_tup_del FROM pg_stat_user_tables WHERE relname = 'orders'")
                    .equals(Integer.toString(ORDERS / 2)));

    // Then
    assertEquals(Integer.toString(ORDERS / 2), shop.value("SELECT count(*) FROM orders_deleted"));
    long read =
        Long.parseLong(
            shop.value(
                """
                SELECT sum(seq_tup_read) FROM pg_stat_user_tables
                WHERE relname IN ('orders', 'orders_deleted', 'shipments')
                """));
    assertTrue(read < ORDERS, () -> read + " rows were read");
  }

  /** One order in three transactions, with the statements that the triggers react to. */
  private static void placeAndReplace(Connection connection, int id) throws SQLException {
    execute(connection, "INSERT INTO orders VALUES (?, 'NEW', 1)", id);
    execute(connection, "INSERT INTO order_items VALUES (?, 1, 'A', 1)", id);
    execute(connection, "INSERT INTO shipments VALUES (?, %d)".formatted(id), id);
    execute(connection, "INSERT INTO lines VALUES (?, %d)".formatted(id), id);
    execute(connection, "UPDATE order_items SET quantity = 2 WHERE order_id = ?", id);
    execute(connection, "DELETE FROM order_items WHERE order_id = ?", id);
    if (id % 2 == 0) {
      // The shop's statement would read a small table as a whole, and the trigger must not.
      execute(connection, "SET enable_seqscan = off");
      execute(connection, "DELETE FROM orders WHERE id = " + id);
      execute(connection, "RESET enable_seqscan");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void execute(Connection connection, String sql, int id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, id);
      statement.execute();
    }
  }
}
