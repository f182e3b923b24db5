package io.orderflow.sink.update;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The amount to be paid for an order, from the order itself.
 *
 * @param due negative if the customer is to receive money
 * @param currency an ISO 4217 code
 */
public record AmountDue(Object orderId, long version, BigDecimal due, @Nullable String currency)
    implements Update {

  @Override
  public Object key() {
    return orderId;
  }
}
