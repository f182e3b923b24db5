package io.orderflow.source.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageSqlTest {

  private final Shop shop = Shop.installed();

  /** The planner can merge the first view into the page, but not the second. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT o.*, g.name FROM orders o LEFT JOIN goods g ON g.code = o.status",
        "SELECT o.*, count(g.code) OVER (PARTITION BY o.id) FROM orders o LEFT JOIN goods g ON g.code = o.status"
      })
  void pageReadsOnlyItsOwnOrdersFromTheView(String query) throws SQLException {
    // Given
    shop.run("CREATE TABLE goods (code text PRIMARY KEY, name text)");
    shop.run("INSERT INTO goods SELECT n, n FROM generate_series(1, 5000) n");
    shop.run("INSERT INTO orders SELECT n, n, 1 FROM generate_series(1, 5000) n; ANALYZE");
    shop.run("CREATE VIEW v AS " + query);
    OrdersSourceConfig config = shop.config(Map.of("orders.view", "v"));
    try (Connection connection = config.queryDatabase().connect("page")) {
      connection.setAutoCommit(false);
      OrderSchema schema = new SchemaReader(config.tables(), config.decimals()).load(connection);
      ServerInfo server = ServerInfo.readServerInfo(connection);
      PageSql sql = new PageSql(config.tables(), schema, server, config.shards(), 5);
      ShardOffset start =
          ShardOffset.start(schema.ids(), config.shards(), server.system(), server.horizon());
      StringBuilder plan = new StringBuilder();

      // When
      Map<Integer, ShardOffset> offsets = Map.of(0, start, 1, start, 2, start, 3, start);
      int rows = count(connection, sql.sql(), schema, offsets);
      try (PreparedStatement statement =
          connection.prepareStatement("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql.sql())) {
        OffsetsSql.bind(connection, statement, schema.ids(), offsets);
        try (ResultSet line = statement.executeQuery()) {
          while (line.next()) {
            plan.append(line.getString(1)).append('\n');
          }
        }
      }

      // Then
      assertEquals(20, rows);
      assertTrue(!plan.toString().contains("Seq Scan on"), plan.toString());
      assertTrue(!plan.toString().matches("(?s).*actual rows=\\d{3,}.*"), plan.toString());
    }
  }

  private static int count(
      Connection connection, String sql, OrderSchema schema, Map<Integer, ShardOffset> offsets)
      throws SQLException {
    int rows = 0;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      OffsetsSql.bind(connection, statement, schema.ids(), offsets);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows++;
        }
      }
    }
    return rows;
  }
}
