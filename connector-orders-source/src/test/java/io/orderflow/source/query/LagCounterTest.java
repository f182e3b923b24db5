package io.orderflow.source.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counts within a transaction like that of capture. */
class LagCounterTest {

  private final Shop shop = Shop.installed();

  @Test
  void deletedOrdersAreCounted() throws SQLException {
    // Given
    OrdersSourceConfig config = withDeletes();
    shop.run("INSERT INTO orders SELECT n, 'PAID', 1 FROM generate_series(1, 10) n");
    shop.run("DELETE FROM orders WHERE id <= 3");
    LagCounter lag = new LagCounter(config.tables(), config.shards());

    // When
    try (Connection connection = transaction()) {
      lag.count(connection, schema(connection, config), fromTheBeginning(config));
    }

    // Then
    assertEquals(10, lag.orders());
  }

  @Test
  void countReadsTheIndexAndNeverTheWholeTable() throws SQLException {
    // Given
    OrdersSourceConfig config = shop.config(Map.of());
    shop.run("INSERT INTO orders SELECT n, 'PAID', 1 FROM generate_series(1, 20000) n");
    shop.run("ANALYZE orders");
    LagCounter lag = new LagCounter(config.tables(), config.shards());

    // When
    try (Connection connection = transaction()) {
      OrderSchema schema = schema(connection, config);
      long before = reads(connection, "seq_scan");
      lag.count(connection, schema, fromTheBeginning(config));

      // Then
      assertEquals(20_000, lag.orders());
      assertEquals(before, reads(connection, "seq_scan"));
      assertEquals(config.shards(), reads(connection, "idx_scan"));
    }
  }

  @Test
  void countThatTakesTooLongIsGivenUpAndTheTransactionContinues() throws SQLException {
    // Given
    OrdersSourceConfig config = withDeletes();
    shop.run("INSERT INTO orders VALUES (1, 'PAID', 1)");
    LagCounter lag = new LagCounter(config.tables(), config.shards());
    lag.none();
    try (Connection other = shop.connect();
        Statement lock = other.createStatement();
        Connection connection = transaction()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE orders_deleted IN ACCESS EXCLUSIVE MODE");

      // When
      lag.count(connection, schema(connection, config), fromTheBeginning(config));

      // Then
      assertTrue(Double.isNaN(lag.orders()));
      assertEquals("1", value(connection, "SELECT count(*) FROM orders"));
      assertEquals("0", value(connection, "SHOW statement_timeout"));
    }
  }

  @Test
  void lagIsUnknownUntilTheNextCountSecondsLater() throws SQLException {
    // Given
    OrdersSourceConfig config = shop.config(Map.of());
    LagCounter lag = new LagCounter(config.tables(), config.shards());
    try (Connection connection = transaction()) {
      OrderSchema schema = schema(connection, config);
      lag.count(connection, schema, fromTheBeginning(config));
      shop.run("INSERT INTO orders VALUES (1, 'PAID', 1)");
      connection.commit();

      // When
      lag.count(connection, schema, fromTheBeginning(config));

      // Then
      assertTrue(Double.isNaN(lag.orders()));
    }
  }

  private OrdersSourceConfig withDeletes() {
    OrdersSourceConfig config = shop.config(Map.of("deletes.table", "orders_deleted"));
    shop.runScript(
        new InstallSql(
                config.tables(),
                TableKinds.PLAIN,
                OrderIdColumns.of("id", OrderIdType.BIGINT),
                config.shards(),
                config.name())
            .deletesInstall());
    return config;
  }

  /** A transaction like that of capture. */
  private Connection transaction() throws SQLException {
    Connection connection = shop.connect();
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    return connection;
  }

  private static OrderSchema schema(Connection connection, OrdersSourceConfig config)
      throws SQLException {
    return new SchemaReader(config.tables(), config.decimals()).load(connection);
  }

  private static Map<Integer, ShardOffset> fromTheBeginning(OrdersSourceConfig config) {
    Map<Integer, ShardOffset> offsets = new HashMap<>();
    for (int shard = 0; shard < config.shards(); shard++) {
      offsets.put(
          shard,
          ShardOffset.start(
              OrderIdColumns.of("id", OrderIdType.BIGINT),
              config.shards(),
              "system",
              Long.MAX_VALUE));
    }
    return offsets;
  }

  private static long reads(Connection connection, String kind) throws SQLException {
    return Long.parseLong(
        value(
            connection,
            "SELECT %s FROM pg_stat_xact_user_tables WHERE relname = 'orders'".formatted(kind)));
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
