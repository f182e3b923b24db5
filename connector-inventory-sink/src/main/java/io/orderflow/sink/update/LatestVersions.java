package io.orderflow.sink.update;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of a batch of updates, those that count: for each kind and order the one with the greatest
 * version, of equal versions the first, as when they were applied one by one. Orders stand where
 * they first appeared.
 */
public record LatestVersions(
    List<StockUpdate> stock, List<AmountDue> due, List<PaymentUpdate> payments) {

  public static LatestVersions of(Iterable<? extends Update> updates) {
    Map<Object, StockUpdate> stock = new LinkedHashMap<>();
    Map<Object, AmountDue> due = new LinkedHashMap<>();
    Map<Object, PaymentUpdate> payments = new LinkedHashMap<>();
    for (Update update : updates) {
      if (update instanceof StockUpdate ofStock) {
        keepNewer(stock, ofStock);
      } else if (update instanceof AmountDue ofDue) {
        keepNewer(due, ofDue);
      } else if (update instanceof PaymentUpdate ofPayment) {
        keepNewer(payments, ofPayment);
      }
    }
    return new LatestVersions(
        List.copyOf(stock.values()), List.copyOf(due.values()), List.copyOf(payments.values()));
  }

  private static <U extends Update> void keepNewer(Map<Object, U> newest, U update) {
    U known = newest.putIfAbsent(update.orderId(), update);
    if (known != null && known.version() < update.version()) {
      newest.put(update.orderId(), update);
    }
  }
}
