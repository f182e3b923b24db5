package io.orderflow.quickstart.verdict;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of an order that matters downstream; equal whatever the scale of the total.
 *
 * @param quantities by SKU
 */
public record OrderState(
    long version, String status, BigDecimal total, SortedMap<String, Long> quantities) {

  public OrderState {
    total = total.stripTrailingZeros();
    quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
  }

  /** Reads the value of an order event, with no help of Orderflow's own code. */
  public static OrderState parse(String value) {
    JsonNode order = PaymentState.json(value);
    TreeMap<String, Long> quantities = new TreeMap<>();
    for (JsonNode item : order.required("items")) {
      quantities.merge(
          item.required("sku").asText(), item.required("quantity").asLong(), Long::sum);
    }
    return new OrderState(
        order.required("version").asLong(),
        order.required("status").asText(),
        new BigDecimal(order.required("total").asText()),
        quantities);
  }
}
