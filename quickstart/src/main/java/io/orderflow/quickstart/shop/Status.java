package io.orderflow.quickstart.shop;

/** The column {@code status} of an order. */
enum Status {
  PENDING,
  PAID,
  SHIPPED,
  CANCELLED
}
