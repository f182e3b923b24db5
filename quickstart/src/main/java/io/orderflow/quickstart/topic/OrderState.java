package io.orderflow.quickstart.topic;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All of an order that matters to others; two are equal if all of it is, however many zeros a total
 * ends with.
 *
 * @param quantities by SKU
 */
public record OrderState(
    long version, String status, BigDecimal total, SortedMap<String, Long> quantities) {

  public OrderState {
    total = total.stripTrailingZeros();
    quantities = Collections.unmodifiableSortedMap(new TreeMap<>(quantities));
  }
}
