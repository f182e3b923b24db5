package io.orderflow.sink.faults;

import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;

/** A step of the sink's transaction in which a trigger causes a fault. */
enum FaultyStep {
  PAYMENTS("AFTER INSERT OR UPDATE ON payments FOR EACH STATEMENT"),
  CLAIM("AFTER INSERT OR UPDATE ON order_inventory FOR EACH STATEMENT"),
  NEW_SKU("AFTER INSERT ON stock FOR EACH STATEMENT"),
  STOCK("BEFORE UPDATE ON stock FOR EACH STATEMENT"),
  STOCK_DONE("AFTER UPDATE ON stock FOR EACH STATEMENT"),
  COMMIT("AFTER INSERT OR UPDATE ON order_inventory DEFERRABLE INITIALLY DEFERRED FOR EACH ROW");

  static final String KILL = "PERFORM pg_terminate_backend(pg_backend_pid())";

  private final String when;

  FaultyStep(String when) {
    this.when = when;
  }

  /**
   * @param what a statement of PL/pgSQL
   * @param times how often it happens, whether the transaction is committed or not
   */
  void install(WarehouseDatabase database, String what, int times) throws SQLException {
    database.execute(
        """
        DROP TRIGGER IF EXISTS fault ON payments;
        DROP TRIGGER IF EXISTS fault ON order_inventory;
        DROP TRIGGER IF EXISTS fault ON stock;
        DROP SEQUENCE IF EXISTS faults;
        CREATE SEQUENCE faults;
        CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('faults') <= %d THEN %s; END IF;
          RETURN NULL;
        END $$;
        CREATE %s TRIGGER fault %s EXECUTE FUNCTION fault()"""
            .formatted(times, what, this == COMMIT ? "CONSTRAINT" : "", when));
  }

  /** How often the step was begun since. */
  static long passed(WarehouseDatabase database) throws SQLException {
    return Long.parseLong(database.rows("SELECT last_value FROM faults").get(0));
  }
}
