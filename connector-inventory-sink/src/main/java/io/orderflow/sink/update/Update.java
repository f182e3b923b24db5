package io.orderflow.sink.update;

/** What one record asks of the warehouse. It concerns one order. */
public sealed interface Update permits StockUpdate, AmountDue, PaymentUpdate {

  /** A {@link Long}, a {@link java.util.UUID} or a {@link String}; one type in all of a batch. */
  Object orderId();

  /**
   * Of two updates of one kind and one order, the one with the greater version counts. 0 or more.
   */
  long version();
}
