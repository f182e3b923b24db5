package io.orderflow.quickstart.topic;

import java.math.BigDecimal;

/** How the payment of an order stands; two are equal if all of it is, whatever the scale. */
public record PaymentState(long version, String status, BigDecimal amount) {

  public PaymentState {
    amount = amount.stripTrailingZeros();
  }
}
