package io.orderflow.sink.update;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The state of an order's payment, if each order has one payment, without an ID of its own.
 *
 * @param version of the payment, independent of the order's version
 * @param status as the payment service names it
 * @param amount negative for a refund
 * @param currency an ISO 4217 code
 * @param reference the payment's identity at its provider
 */
public record PaymentUpdate(
    Object orderId,
    long version,
    String status,
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @Nullable String provider,
    @Nullable String reference)
    implements Update {

  @Override
  public Object key() {
    return orderId;
  }
}
