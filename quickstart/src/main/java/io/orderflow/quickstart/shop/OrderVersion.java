package io.orderflow.quickstart.shop;

/** One version of one order, or of its payment. */
public record OrderVersion(long orderId, long version) {}
