package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of items that come one by one, with triggers for statements and for rows. */
class ItemChangesTest {

  private static final String PARTITIONED = "PARTITION BY HASH (order_id)";

  private final Shop shop = Postgres.newShop();

  private Map<String, String> install(String partitioning) {
    shop.run(Shop.TABLES.replace("REFERENCES orders ON DELETE CASCADE", "") + partitioning);
    if (!partitioning.isEmpty()) {
      shop.run("CREATE TABLE p PARTITION OF order_items FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
    }
    shop.install(Map.of(), "id", OrderIdType.BIGINT);
    return shop.settings(Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", PARTITIONED})
  void changeAfterARollbackToASavepointIsCaptured(String partitioning) {
    // Given
    Map<String, String> settings = install(partitioning);
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      run.records(1);

      // When
      shop.run(
          """
          BEGIN; SAVEPOINT a; INSERT INTO order_items VALUES (1, 1, 'A', 1);
          ROLLBACK TO a; INSERT INTO order_items VALUES (1, 2, 'A', 1); INSERT INTO order_items VALUES (1, 3, 'A', 1);
          COMMIT
          """);

      // Then
      assertEquals(2, run.onlyValue().getArray("items").size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", PARTITIONED})
  void itemsThatPrecedeTheirOrderAreCapturedWithIt(String partitioning) throws SQLException {
    // Given
    Map<String, String> settings = install(partitioning);
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>());
        Connection connection = shop.connect();
        Statement items = connection.createStatement()) {
      connection.setAutoCommit(false);
      items.execute("INSERT INTO order_items VALUES (1, 1, 'A', 1)");

      // When
      shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
      items.execute("INSERT INTO order_items VALUES (1, 2, 'A', 1)");
      connection.commit();

      // Then
      assertEquals(2, run.onlyValue().getArray("items").size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", PARTITIONED})
  void migrationsThatSetTheReplicationRoleAreCaptured(String partitioning) {
    // Given
    Map<String, String> settings = install(partitioning);
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      run.records(0);

      // When
      shop.run(
          """
          SET session_replication_role = replica;
          INSERT INTO order_items VALUES (1, 1, 'A', 1);
          INSERT INTO orders VALUES (1, 'NEW', 1, '2')
          """);
      int placed = run.onlyValue().getArray("items").size();
      shop.run("SET session_replication_role = replica; DELETE FROM order_items");

      // Then
      assertEquals(List.of(1, 0), List.of(placed, run.onlyValue().getArray("items").size()));
    }
  }

  /** PL/pgSQL refuses a name that may mean a variable or a column. */
  @ParameterizedTest
  @ValueSource(strings = {"", PARTITIONED})
  void columnsMayHaveTheNamesOfVariables(String partitioning) {
    // Given
    shop.run(
        """
        CREATE TABLE orders (found bigint PRIMARY KEY, touched text, unstamped text, existing text, done text, o text,
          inserted text, tg_op text, new text, old text);
        CREATE TABLE order_items (tg_op bigint, found int, touched text, existing text, i text, PRIMARY KEY (tg_op, found))
        """
            + partitioning.replace("order_id", "tg_op"));
    if (!partitioning.isEmpty()) {
      shop.run("CREATE TABLE p PARTITION OF order_items FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
    }
    Map<String, String> settings =
        Map.of("items.order.id.column", "tg_op", "deletes.table", "orders_deleted");
    shop.install(settings, "found", OrderIdType.BIGINT);
    shop.runScript(shop.installSql(settings, "found", OrderIdType.BIGINT).deletesInstall());
    try (CaptureRun run = new CaptureRun(shop.settings(settings), new HashMap<>())) {
      for (String change :
          List.of(
              "INSERT INTO orders VALUES (1)",
              "INSERT INTO order_items VALUES (1, 1), (1, 2)",
              "UPDATE order_items SET touched = 'x'",
              "DELETE FROM order_items WHERE found = 1",
              "TRUNCATE order_items",
              "DELETE FROM orders")) {
        // When
        shop.run(change);

        // Then
        assertEquals(1, run.records(1).size(), change);
      }
    }
  }
}
