package io.orderflow.quickstart.shop;

import io.orderflow.quickstart.shop.Order.Item;
import io.orderflow.quickstart.shop.Order.Status;
import io.orderflow.quickstart.shop.Products.Product;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes orders: one to four lines of one to three pieces each. */
final class Customers {

  private static final int CUSTOMERS = 5_000;

  private final Products products;
  private final RandomGenerator random;

  Customers(Products products, RandomGenerator random) {
    this.products = products;
    this.random = random;
  }

  /** A new order, still without a place in the database. */
  Order order(long id) {
    return new Order(id, customer(), Status.PENDING, items(() -> products.any(random)), 1);
  }

  /** An order of the past: most are shipped. */
  Order pastOrder(long id) {
    double chance = random.nextDouble();
    Status status =
        chance < 0.78
            ? Status.SHIPPED
            : chance < 0.88 ? Status.PAID : chance < 0.95 ? Status.CANCELLED : Status.PENDING;
    long version =
        switch (status) {
          case PENDING -> 1;
          case PAID, CANCELLED -> 2;
          case SHIPPED -> 3;
        };
    return new Order(id, customer(), status, items(() -> products.anyAmple(random)), version);
  }

  private String customer() {
    return "customer-" + random.nextInt(CUSTOMERS);
  }

  private List<Item> items(Supplier<Product> choice) {
    Set<Product> chosen = new LinkedHashSet<>();
    int lines = random.nextInt(1, 5);
    for (int i = 0; i < lines; i++) {
      chosen.add(choice.get());
    }
    List<Item> items = new ArrayList<>();
    for (Product product : chosen) {
      items.add(new Item(items.size() + 1, product.sku(), random.nextInt(1, 4), product.price()));
    }
    return items;
  }
}
