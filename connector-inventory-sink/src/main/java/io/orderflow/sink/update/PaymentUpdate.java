package io.orderflow.sink.update;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How the payment of an order stands.
 *
 * @param version counts for payments alone; it has nothing to do with the order's
 * @param status in the payment service's own words
 * @param amount below 0 for a refund
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
    implements Update {}
