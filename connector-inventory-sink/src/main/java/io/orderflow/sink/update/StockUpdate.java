package io.orderflow.sink.update;

/** An update that changes the effects of an order on stock, or keeps them in a new version. */
public sealed interface StockUpdate extends Update permits EffectsUpdate, Keep {

  Object orderId();

  @Override
  default Object key() {
    return orderId();
  }
}
