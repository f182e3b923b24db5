package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.program.Job;
import java.sql.Connection;
import java.sql.SQLException;

/** The limit for orders: a program that writes into the sink's tables what the sink writes. */
record HandWritten(Programs programs) implements Contestant {

  static final String KIND = "hand-written";

  private static final int BATCH = 5_000;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String name() {
    return "hand-written program";
  }

  @Override
  public boolean takes(Workload workload) {
    return workload.kind() == Job.Kind.ORDERS;
  }

  /** Lines as arrays in the order's row, where the shipped tables do not have them so. */
  @Override
  public void prepare(Connection warehouse) throws SQLException {
    String columns =
        "SELECT count(*) FROM pg_attribute"
            + " WHERE attrelid = 'order_inventory'::regclass AND attname = 'skus'";
    if (Sql.first(warehouse, columns).whole(0) == 0) {
      Sql.execute(
          warehouse,
          """
          ALTER TABLE order_inventory
            ADD COLUMN skus text[], ADD COLUMN reserved bigint[], ADD COLUMN on_hand_delta bigint[]
          """,
          "ALTER TABLE order_inventory_lines RENAME TO order_inventory_lines_unused",
          """
          CREATE VIEW order_inventory_lines AS
          SELECT o.order_id, l.* FROM order_inventory o,
            unnest(o.skus, o.reserved, o.on_hand_delta) AS l (sku, reserved, on_hand_delta)
          """,
          """
          CREATE OR REPLACE VIEW stock_drift AS
          SELECT sku, s.on_hand, s.reserved, l.reserved AS reserved_by_orders, s.moved,
                 l.moved AS moved_by_orders
            FROM stock s
            FULL JOIN (SELECT sku, sum(reserved) AS reserved, sum(on_hand_delta) AS moved
                         FROM order_inventory_lines GROUP BY sku) l USING (sku)
           WHERE coalesce(s.reserved, 0) <> coalesce(l.reserved, 0)
              OR coalesce(s.moved, 0) <> coalesce(l.moved, 0)
          """);
    }
  }

  @Override
  public void renew() {
    programs.renew();
  }

  @Override
  public Running start(Run run) {
    return programs.start(KIND, run, BATCH);
  }
}
