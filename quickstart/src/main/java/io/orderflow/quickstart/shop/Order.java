package io.orderflow.quickstart.shop;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** An order as the shop knows it; its version is the database's. */
record Order(long id, String customer, Status status, List<Item> items, long version) {

  static final String CURRENCY = "EUR";

  /** The column {@code status}. */
  enum Status {
    PENDING,
    PAID,
    SHIPPED,
    CANCELLED
  }

  /** A line of an order. */
  record Item(int lineNo, String sku, int quantity, BigDecimal unitPrice) {}

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
    Item first = items.get(0);
    List<Item> changed = new ArrayList<>(items);
    changed.set(0, new Item(first.lineNo(), first.sku(), quantity, first.unitPrice()));
    return new Order(id, customer, status, changed, version + 1);
  }
}
