package io.orderflow.quickstart.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.TreeMap;

/** Reads the JSON of the topics, with no help of Orderflow's own code. */
public final class Events {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Events() {}

  /** The key of each record: the order's ID as a JSON number. */
  public static long orderId(String key) {
    return Long.parseLong(key);
  }

  /** The value of an order event. */
  public static OrderState order(String value) {
    JsonNode order = parse(value);
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

  /** The value of a payment update. */
  public static PaymentState payment(String value) {
    JsonNode payment = parse(value);
    return new PaymentState(
        payment.required("version").asLong(),
        payment.required("status").asText(),
        new BigDecimal(payment.required("amount").asText()));
  }

  private static JsonNode parse(String value) {
    try {
      return JSON.readTree(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Expected a JSON object in the topic, found another value", e);
    }
  }
}
