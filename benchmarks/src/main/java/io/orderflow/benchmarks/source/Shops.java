package io.orderflow.benchmarks.source;

import io.orderflow.benchmarks.Databases;
import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The databases that are captured. */
record Shops(Databases databases) {

  /** The name that contestants give to slot and publication, one after the other. */
  static final String SLOT = "benchmark";

  private static final String READY_SLOTS =
      """
      SELECT count(*) FROM pg_replication_slots
      WHERE database = current_database() AND active AND confirmed_flush_lsn IS NOT NULL
      """;

  /**
   * Creates a shop.
   *
   * @param orders 0 for none
   */
  void create(String database, int orders) throws SQLException {
    databases.create(database, "shop-example-schema.sql");
    // Statistics of empty tables would have every foreign key looked up by a sequential scan.
    if (orders > 0) {
      try (Connection shop = databases.connect(database)) {
        // Foreign keys are triggers too: so many look-ups take longer than all the rest.
        Sql.execute(shop, "SET session_replication_role = replica");
        ShopOrders.place(shop, 1, orders);
        Sql.execute(
            shop, "RESET session_replication_role", "VACUUM (ANALYZE, FREEZE)", "CHECKPOINT");
      }
    }
  }

  /** Installs the change tracking, as in a shop that has used query capture before. */
  void track(String database) throws SQLException {
    databases.run(database, "shop-install.sql");
    try (Connection shop = databases.connect(database)) {
      Sql.execute(shop, "CHECKPOINT");
    }
  }

  /** A customer's connection. */
  Connection connect(String database) throws SQLException {
    Connection customer = databases.connect(database);
    // As in a shop with a past: in one that is empty at first, each foreign key would be looked up
    // by a sequential scan until statistics exist. And planning takes longer than placing.
    Sql.execute(customer, "SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan");
    return customer;
  }

  /** Returns once a contestant reads its slot. */
  void awaitSlot(String database) throws Exception {
    try (Connection shop = databases.connect(database)) {
      Waiting.until(
          "Reading the slot", Duration.ofMillis(100), () -> Sql.number(shop, READY_SLOTS) == 1);
    }
  }

  /** Returns once nothing reads the slot. */
  void awaitIdleSlot(String database) throws Exception {
    databases.awaitIdleSlots(database);
  }

  void dropSlot(String database) throws Exception {
    databases.dropSlots(database, SLOT);
  }

  void drop(String database) throws SQLException {
    databases.drop(database);
  }
}
