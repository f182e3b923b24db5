package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.Waiting;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.SqlScript;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** The databases that are captured. */
record Shops(PostgresServer server, Path root) {

  /** The names that contestants give to what they create, one after the other. */
  static final String SLOT = "benchmark";

  static final String PUBLICATION = "benchmark";

  private static final String ACTIVE_SLOTS =
      """
      SELECT count(*) FROM pg_replication_slots WHERE database = current_database() AND active
      """;

  private static final String DROP_SLOTS =
      """
      SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots
      WHERE database = current_database()
      """;

  /**
   * Creates a shop.
   *
   * @param orders 0 for none
   */
  void create(String database, int orders) throws SQLException {
    server.createDatabase(database);
    try (Connection shop = server.connect(database)) {
      SqlScript.run(shop, sql("shop-example-schema.sql"));
      // Statistics of empty tables would have every foreign key looked up by a sequential scan.
      if (orders > 0) {
        fill(shop, orders);
        Sql.execute(shop, "VACUUM (ANALYZE, FREEZE)", "CHECKPOINT");
      }
    }
  }

  /** Installs the change tracking, as shops do that have been in use before. */
  void track(String database) throws SQLException {
    try (Connection shop = server.connect(database)) {
      SqlScript.run(shop, sql("shop-install.sql"));
      Sql.execute(shop, "CHECKPOINT");
    }
  }

  private Path sql(String file) {
    return root.resolve("config-examples/sql").resolve(file);
  }

  private static void fill(Connection shop, int orders) throws SQLException {
    // Foreign keys are triggers too: so many look-ups take longer than all the rest.
    Sql.execute(shop, "SET session_replication_role = replica");
    try (PreparedStatement place = shop.prepareStatement(ShopOrders.PLACE)) {
      place.setLong(1, 1);
      place.setLong(2, orders);
      place.executeUpdate();
    }
    Sql.execute(shop, "RESET session_replication_role");
  }

  /** Drops what log readers have left, so that no slot holds the log back for the next one. */
  void cleanUp(String database) throws Exception {
    try (Connection shop = server.connect(database)) {
      Waiting.until(
          "slots are free",
          Duration.ofMillis(100),
          () -> Sql.first(shop, ACTIVE_SLOTS).whole(0) == 0);
      Sql.execute(shop, DROP_SLOTS, "DROP PUBLICATION IF EXISTS " + PUBLICATION);
    }
  }

  void drop(String database) throws SQLException {
    try (Connection connection = server.connect("postgres")) {
      Sql.execute(connection, "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
    }
  }
}
