package io.orderflow.quickstart.verdict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;

/** The payment of an order; equal whatever the scale of the amount. */
public record PaymentState(long version, String status, BigDecimal amount) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public PaymentState {
    amount = amount.stripTrailingZeros();
  }

  /** Reads the value of a payment update. */
  public static PaymentState parse(String value) {
    JsonNode payment = json(value);
    return new PaymentState(
        payment.required("version").asLong(),
        payment.required("status").asText(),
        new BigDecimal(payment.required("amount").asText()));
  }

  /** Which of two versions of a payment is the newer one. */
  public static PaymentState newer(PaymentState a, PaymentState b) {
    return b.version() > a.version() ? b : a;
  }

  static JsonNode json(String value) {
    try {
      return JSON.readTree(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("The topic holds a value that is not JSON", e);
    }
  }
}
