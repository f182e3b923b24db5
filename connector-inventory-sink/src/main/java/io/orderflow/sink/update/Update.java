package io.orderflow.sink.update;

/** A change that a record makes to one order in the warehouse. */
public sealed interface Update permits StockUpdate, AmountDue, PaymentUpdate {

  /** A {@link Long}, a {@link java.util.UUID} or a {@link String}; one type in all of a batch. */
  Object orderId();

  /**
   * 0 or more. Of two updates of the same kind and order, the one with the greater version counts.
   */
  long version();
}
