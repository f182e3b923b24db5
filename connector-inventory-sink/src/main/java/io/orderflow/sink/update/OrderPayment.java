package io.orderflow.sink.update;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One of the payments of an order, with an ID of its own: a capture, a refund or a void.
 *
 * @param paymentId unique among the payments of all orders
 * @param version of this payment, independent of the order's version
 * @param orderId null if the payment belongs to no order, or was deleted
 * @param status as the payment service names it
 * @param amount of the record, positive or negative
 * @param paid what the order has paid with it; 0 or more
 * @param refunded what was given back with it; 0 or more
 * @param currency an ISO 4217 code; null for the order's
 * @param reference the payment's identity at its provider
 */
public record OrderPayment(
    String paymentId,
    long version,
    @Nullable Object orderId,
    PaymentState state,
    @Nullable String status,
    @Nullable BigDecimal amount,
    BigDecimal paid,
    BigDecimal refunded,
    @Nullable String currency,
    @Nullable String provider,
    @Nullable String reference)
    implements Update {

  /** A payment that was deleted in the source database. */
  public static OrderPayment deleted(String paymentId, long version) {
    return new OrderPayment(
        paymentId,
        version,
        null,
        PaymentState.DELETED,
        null,
        null,
        BigDecimal.ZERO,
        BigDecimal.ZERO,
        null,
        null,
        null);
  }

  @Override
  public Object key() {
    return paymentId;
  }
}
