package io.orderflow.quickstart.shop;

import java.math.BigDecimal;

/** A line of an order. */
record Item(int lineNo, String sku, int quantity, BigDecimal unitPrice) {

  Item withQuantity(int other) {
    return new Item(lineNo, sku, other, unitPrice);
  }
}
