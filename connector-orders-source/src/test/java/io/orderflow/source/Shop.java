package io.orderflow.source;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A shop's database, as its own programs use it. */
record Shop(String url) {

  static final String TABLES =
      """
      CREATE TABLE orders (
        id bigint PRIMARY KEY,
        status text NOT NULL,
        total numeric(12,2)
      );
      CREATE TABLE order_items (
        order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE,
        line_no integer NOT NULL,
        sku text NOT NULL,
        quantity integer NOT NULL,
        PRIMARY KEY (order_id, line_no)
      )
      """;

  /** A shop with the tables of the default names, prepared for the capture. */
  static Shop installed() {
    Shop shop = Postgres.newShop();
    shop.run(TABLES);
    shop.install(Map.of(), "id", OrderIdType.BIGINT);
    return shop;
  }

  /** A shop with the tables of the default names, with nothing installed. */
  static Shop withTables() {
    Shop shop = Postgres.newShop();
    shop.run(TABLES);
    return shop;
  }

  /** Settings of a connector that captures from the log. */
  Map<String, String> logSettings(Map<String, String> more) {
    Map<String, String> settings = settings(Map.of("capture", "log"));
    settings.put("slot.name", value("SELECT current_database()"));
    settings.putAll(more);
    return settings;
  }

  /** Slots outlive their connectors, and the server has room for some alone. */
  void dropSlots() {
    run(
        """
        SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
        WHERE database = current_database() AND NOT active
        """);
  }

  /** Settings of the connector for this database. */
  Map<String, String> settings(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("name", "orders");
    settings.put("database.url", url);
    settings.put("database.user", "postgres");
    settings.put("capture.shards", "4");
    settings.put("poll.interval.ms", "20");
    settings.putAll(more);
    return settings;
  }

  OrdersSourceConfig config(Map<String, String> more) {
    return new OrdersSourceConfig(settings(more));
  }

  void install(Map<String, String> settings, String id, OrderIdType type) {
    OrdersSourceConfig config = config(settings);
    runScript(new InstallSql(config.tables(), id, type, config.shards()).install());
  }

  /** Runs a shipped script statement by statement. */
  void runScript(String script) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : InstallSql.statements(script)) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs all in one transaction. */
  void run(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage() + " in " + sql, e);
    }
  }

  /** The one value that a query yields, as text. */
  String value(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage() + " in " + sql, e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, "postgres", "");
  }
}
