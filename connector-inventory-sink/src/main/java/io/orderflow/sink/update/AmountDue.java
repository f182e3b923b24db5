package io.orderflow.sink.update;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What is to be paid for an order, as the order itself says.
 *
 * @param due below 0 where the customer has money to come
 * @param currency an ISO 4217 code
 */
public record AmountDue(Object orderId, long version, BigDecimal due, @Nullable String currency)
    implements Update {}
