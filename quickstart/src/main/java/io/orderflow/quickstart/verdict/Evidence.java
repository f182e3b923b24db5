package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.setup.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that the verdict is based on, collected after the shop has closed.
 *
 * @param shop the orders of the shop's database, by ID
 * @param payments the newest version of each payment in the topic, by order ID
 * @param initialStock by SKU, the stock before the connectors started
 * @param deadLetters records in the sink's dead-letter queue
 * @param oversoldWhileOpen SKUs that were found oversold while the shop was open, over all counts
 */
public record Evidence(
    Map<Long, OrderState> shop,
    OrdersTally ordersTopic,
    Map<Long, PaymentState> payments,
    WarehouseState warehouse,
    Map<String, Long> initialStock,
    long deadLetters,
    long oversoldWhileOpen) {

  /** Reads the orders of a shop's database, by ID. */
  public static Map<Long, OrderState> readShop(Connection shop) throws SQLException {
    Map<Long, TreeMap<String, Long>> quantities = new HashMap<>();
    Map<Long, OrderState> orders = new HashMap<>();
    Rows.each(
        shop,
        "SELECT order_id, sku, sum(quantity) FROM order_items GROUP BY order_id, sku",
        row ->
            quantities
                .computeIfAbsent(row.getLong(1), id -> new TreeMap<>())
                .put(row.getString(2), row.getLong(3)));
    Rows.each(
        shop,
        "SELECT id, version, status, total FROM orders",
        row ->
            orders.put(
                row.getLong(1),
                new OrderState(
                    row.getLong(2),
                    row.getString(3),
                    row.getBigDecimal(4),
                    quantities.getOrDefault(row.getLong(1), new TreeMap<>()))));
    return orders;
  }
}
