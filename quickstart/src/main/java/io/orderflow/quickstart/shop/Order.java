package io.orderflow.quickstart.shop;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** An order as the shop has it in hand; its version is the one that the database has. */
record Order(long id, String customer, Status status, List<Item> items, long version) {

  static final String CURRENCY = "EUR";

  Order {
    items = List.copyOf(items);
  }

  BigDecimal total() {
    return items.stream()
        .map(item -> item.unitPrice().multiply(BigDecimal.valueOf(item.quantity())))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  OrderVersion asVersion() {
    return new OrderVersion(id, version);
  }

  /** The next version, in another status. */
  Order to(Status other) {
    return new Order(id, customer, other, items, version + 1);
  }

  /** The next version, in which the first line has another quantity. */
  Order withFirstQuantity(int quantity) {
    List<Item> changed = new ArrayList<>(items);
    changed.set(0, items.get(0).withQuantity(quantity));
    return new Order(id, customer, status, changed, version + 1);
  }
}
