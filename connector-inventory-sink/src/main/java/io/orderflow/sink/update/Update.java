package io.orderflow.sink.update;

/** A change that a record makes to one order, or to one of its payments, in the warehouse. */
public sealed interface Update permits StockUpdate, AmountDue, PaymentUpdate, OrderPayment {

  /**
   * The ID that the version belongs to: that of a payment with an ID of its own, else the order's.
   * A {@link Long}, a {@link java.util.UUID} or a {@link String}; order IDs have one type in all of
   * a batch.
   */
  Object key();

  /**
   * 0 or more. Of two updates of the same kind and key, the one with the greater version counts.
   */
  long version();
}
