package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.program.Cents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An order as the orders source writes it, in JSON without schemas.
 *
 * @param items of distinct SKUs
 */
record OrderEvent(long id, List<Item> items) {

  private static final long PRICE_CENTS = 999;

  /** One line. */
  record Item(int sku, int quantity) {}

  /** The name that stands for a SKU's number. */
  static String sku(int number) {
    return "SKU-" + number;
  }

  /** The amount due, in cents. */
  long total() {
    return quantity() * PRICE_CENTS;
  }

  long quantity() {
    return items.stream().mapToLong(Item::quantity).sum();
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
      json.append("\",\"quantity\":").append(item.quantity);
      json.append(",\"unit_price\":\"").append(Cents.text(PRICE_CENTS)).append("\"}");
    }
    json.append("]}");
    return new ProducerRecord<>(
        topic,
        Long.toString(id).getBytes(StandardCharsets.UTF_8),
        json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
