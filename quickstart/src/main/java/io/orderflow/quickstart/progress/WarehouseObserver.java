package io.orderflow.quickstart.progress;

import io.orderflow.quickstart.shop.OrderVersion;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Looks into the warehouse again and again for what has not arrived there yet. Latencies are thus
 * what a reader of the warehouse sees, from the return of the shop's COMMIT by one and the same
 * clock, and too long by up to the time between two looks rather than ever too short.
 */
public final class WarehouseObserver {

  /** Between two looks, as long as a look is quick. */
  public static final long LOOKS_EVERY_MILLIS = 50;

  /** After a slow look, as many times its duration, so that looking costs little. */
  private static final int REST = 9;

  private static final long LONGEST_REST_MILLIS = 1_000;

  private static final String ORDERS =
      "SELECT order_id, version FROM order_inventory WHERE order_id = ANY (?)";
  private static final String PAYMENTS =
      "SELECT order_id, version FROM payments WHERE order_id = ANY (?) AND version IS NOT NULL";

  private final Progress orders;
  private final Progress payments;

  /** Observes both kinds. */
  public WarehouseObserver(Progress orders, Progress payments) {
    this.orders = orders;
    this.payments = payments;
  }

  /** Looks until it need not go on. */
  public void run(Connection connection, BooleanSupplier goOn)
      throws SQLException, InterruptedException {
    try (PreparedStatement ofOrders = connection.prepareStatement(ORDERS);
        PreparedStatement ofPayments = connection.prepareStatement(PAYMENTS)) {
      while (goOn.getAsBoolean()) {
        long start = System.nanoTime();
        look(ofOrders, orders);
        look(ofPayments, payments);
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        TimeUnit.MILLISECONDS.sleep(
            Math.min(
                LONGEST_REST_MILLIS, Math.max(LOOKS_EVERY_MILLIS - tookMillis, REST * tookMillis)));
      }
    }
  }

  private static void look(PreparedStatement statement, Progress progress) throws SQLException {
    Set<Long> awaited = progress.awaitedOrders();
    if (awaited.isEmpty()) {
      return;
    }
    Array ids = statement.getConnection().createArrayOf("bigint", awaited.toArray());
    statement.setArray(1, ids);
    List<OrderVersion> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(new OrderVersion(rows.getLong(1), rows.getLong(2)));
      }
    }
    long seenAt = System.nanoTime();
    found.forEach(version -> progress.seen(version, seenAt));
  }
}
