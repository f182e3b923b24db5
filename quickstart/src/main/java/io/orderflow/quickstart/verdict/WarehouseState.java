package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.setup.Rows;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The warehouse's database at rest.
 *
 * @param orders by order ID, the version and outcome applied last
 * @param lines by order ID and SKU, the effects in force
 * @param stock by SKU
 * @param payments by order ID, as the payment service sent them
 * @param due by order ID, the amount due
 * @param driftRows rows of the view {@code stock_drift}
 */
public record WarehouseState(
    Map<Long, Outcome> orders,
    Map<Long, SortedMap<String, Effect>> lines,
    Map<String, Stock> stock,
    Map<Long, PaymentState> payments,
    Map<Long, BigDecimal> due,
    long driftRows) {

  /** The outcome of an order. */
  public record Outcome(long version, String state) {}

  /** The effect of an order on a SKU. */
  public record Effect(long reserved, long onHandDelta) {

    static final Effect NONE = new Effect(0, 0);

    Effect plus(Effect other) {
      return new Effect(reserved + other.reserved, onHandDelta + other.onHandDelta);
    }
  }

  /** The stock of a SKU. */
  public record Stock(long onHand, long reserved) {}

  /** Reads all tables of the sink, as they are now. */
  public static WarehouseState read(Connection connection) throws SQLException {
    Map<Long, Outcome> orders = new HashMap<>();
    Map<Long, SortedMap<String, Effect>> lines = new HashMap<>();
    Map<String, Stock> stock = new HashMap<>();
    Map<Long, PaymentState> payments = new HashMap<>();
    Map<Long, BigDecimal> due = new HashMap<>();
    long[] drift = {0};
    Rows.each(
        connection,
        "SELECT order_id, version, state FROM order_inventory",
        row -> orders.put(row.getLong(1), new Outcome(row.getLong(2), row.getString(3))));
    Rows.each(
        connection,
        "SELECT order_id, sku, reserved, on_hand_delta FROM order_inventory_lines",
        row ->
            lines
                .computeIfAbsent(row.getLong(1), id -> new TreeMap<>())
                .put(row.getString(2), new Effect(row.getLong(3), row.getLong(4))));
    Rows.each(
        connection,
        "SELECT sku, on_hand, reserved FROM stock",
        row -> stock.put(row.getString(1), new Stock(row.getLong(2), row.getLong(3))));
    Rows.each(
        connection,
        "SELECT order_id, version, status, amount, due FROM payments",
        row -> payment(row, payments, due));
    Rows.each(connection, "SELECT count(*) FROM stock_drift", row -> drift[0] = row.getLong(1));
    return new WarehouseState(orders, lines, stock, payments, due, drift[0]);
  }

  /** A row may have the amount due before it has a payment, and the other way round. */
  private static void payment(
      ResultSet row, Map<Long, PaymentState> payments, Map<Long, BigDecimal> due)
      throws SQLException {
    long id = row.getLong(1);
    @Nullable String status = row.getString(3);
    @Nullable BigDecimal amount = row.getBigDecimal(4);
    if (status != null && amount != null) {
      payments.put(id, new PaymentState(row.getLong(2), status, amount));
    }
    @Nullable BigDecimal dueAmount = row.getBigDecimal(5);
    if (dueAmount != null) {
      due.put(id, dueAmount);
    }
  }
}
