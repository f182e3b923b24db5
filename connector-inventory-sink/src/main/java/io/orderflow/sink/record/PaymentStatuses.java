package io.orderflow.sink.record;

import io.orderflow.sink.update.PaymentState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which status means which state of a payment that has an ID of its own.
 *
 * @param states by status, spelled as in the record
 * @param otherwise the state of all other statuses; null if they make a record bad
 */
public record PaymentStatuses(Map<String, PaymentState> states, @Nullable PaymentState otherwise) {

  public PaymentStatuses {
    states = Map.copyOf(states);
  }
}
