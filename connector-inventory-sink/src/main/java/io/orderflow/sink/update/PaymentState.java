package io.orderflow.sink.update;

import java.math.BigDecimal;

/** What became of the amount of a payment that has an ID of its own. */
public enum PaymentState {
  /** It was received. A negative amount was given back. */
  PAID,
  /** It was given back: the record is that of a refund, whatever the sign of its amount. */
  REFUNDED,
  /** It was received and given back under the same ID. */
  REVERSED,
  /** It was not received: the payment has failed, was voided, or is not captured yet. */
  FAILED,
  /** The payment was deleted. */
  DELETED;

  /** The part of an amount that was received; 0 or more. */
  public BigDecimal paid(BigDecimal amount) {
    return switch (this) {
      case PAID -> amount.max(BigDecimal.ZERO);
      case REVERSED -> amount.abs();
      case REFUNDED, FAILED, DELETED -> BigDecimal.ZERO;
    };
  }

  /** The part of an amount that was given back; 0 or more. */
  public BigDecimal refunded(BigDecimal amount) {
    return switch (this) {
      case PAID -> amount.negate().max(BigDecimal.ZERO);
      case REFUNDED, REVERSED -> amount.abs();
      case FAILED, DELETED -> BigDecimal.ZERO;
    };
  }

  /** Whether an amount in this state was received or given back. */
  public boolean movesMoney() {
    return this == PAID || this == REFUNDED || this == REVERSED;
  }
}
