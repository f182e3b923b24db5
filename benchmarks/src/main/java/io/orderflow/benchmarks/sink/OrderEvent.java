package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.program.Cents;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An order as the orders source writes it, in JSON without schemas.
 *
 * @param items of distinct SKUs
 * @param scale decimals of quantities: 0, or 3 with a column of what has been shipped
 */
record OrderEvent(long id, List<Item> items, int scale) {

  private static final long PRICE_CENTS = 999;
  private static final int THOUSANDTHS = 1_000;

  /** Of an item without a location. */
  static final int NO_LOCATION = 0;

  /**
   * One line.
   *
   * @param location from 1, or {@link #NO_LOCATION}
   * @param quantity in steps of the order's scale
   * @param shipped of the quantity, in the same steps
   */
  record Item(int sku, int location, int quantity, int shipped) {}

  /** The name that stands for a SKU's number. */
  static String sku(int number) {
    return "SKU-" + number;
  }

  /** The name that stands for a location's number; empty for none. */
  static String location(int number) {
    return number == NO_LOCATION ? "" : "L-" + number;
  }

  /** The amount due, in cents. */
  long total() {
    return quantity() * PRICE_CENTS / (scale == 0 ? 1 : THOUSANDTHS);
  }

  long quantity() {
    return items.stream().mapToLong(Item::quantity).sum();
  }

  /** A whole number, or text with decimals, as the source writes a numeric. */
  private String number(int steps) {
    return scale == 0
        ? Integer.toString(steps)
        : '"' + BigDecimal.valueOf(steps, scale).toPlainString() + '"';
  }

  ProducerRecord<byte[], byte[]> record(String topic) {
    StringBuilder json = new StringBuilder(512);
    json.append("{\"id\":").append(id);
    json.append(",\"customer\":\"customer-").append(id % 50_000);
    json.append("\",\"status\":\"PENDING\",\"total\":\"").append(Cents.text(total()));
    json.append("\",\"currency\":\"EUR\",\"created_at\":1795305600000");
    json.append(",\"updated_at\":1795305600000,\"version\":1,\"items\":[");
    for (int line = 0; line < items.size(); line++) {
      Item item = items.get(line);
      json.append(line == 0 ? "{\"order_id\":" : ",{\"order_id\":").append(id);
      json.append(",\"line_no\":").append(line + 1);
      json.append(",\"sku\":\"").append(sku(item.sku));
      json.append("\",\"quantity\":").append(number(item.quantity));
      if (item.location != NO_LOCATION) {
        json.append(",\"location\":\"").append(location(item.location)).append('"');
      }
      if (scale > 0) {
        json.append(",\"shipped\":").append(number(item.shipped));
      }
      json.append(",\"unit_price\":\"").append(Cents.text(PRICE_CENTS)).append("\"}");
    }
    json.append("]}");
    return new ProducerRecord<>(
        topic,
        Long.toString(id).getBytes(StandardCharsets.UTF_8),
        json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
