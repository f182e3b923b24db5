package io.orderflow.sink.update;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch of updates without those that another one of the batch supersedes. Of each kind and order
 * it keeps the update with the greatest version, and of equal versions the first, as if the updates
 * had been applied one by one. Orders keep the place where they first appeared.
 *
 * @param receivedStock number of stock updates, superseded ones included
 * @param receivedPayments number of payment updates, superseded ones included
 */
public record LatestVersions(
    List<StockUpdate> stock,
    List<AmountDue> due,
    List<PaymentUpdate> payments,
    long receivedStock,
    long receivedPayments) {

  public static LatestVersions of(Iterable<? extends Update> updates) {
    Map<Object, StockUpdate> stock = new LinkedHashMap<>();
    Map<Object, AmountDue> due = new LinkedHashMap<>();
    Map<Object, PaymentUpdate> payments = new LinkedHashMap<>();
    long receivedStock = 0;
    long receivedPayments = 0;
    for (Update update : updates) {
      if (update instanceof Keep keep) {
        StockUpdate older = stock.get(keep.orderId());
        keepNewer(stock, older == null ? keep : keep.after(older));
        receivedStock++;
      } else if (update instanceof StockUpdate ofStock) {
        keepNewer(stock, ofStock);
        receivedStock++;
      } else if (update instanceof AmountDue ofDue) {
        keepNewer(due, ofDue);
      } else if (update instanceof PaymentUpdate ofPayment) {
        keepNewer(payments, ofPayment);
        receivedPayments++;
      }
    }
    return new LatestVersions(
        List.copyOf(stock.values()),
        List.copyOf(due.values()),
        List.copyOf(payments.values()),
        receivedStock,
        receivedPayments);
  }

  private static <U extends Update> void keepNewer(Map<Object, U> latest, U update) {
    U known = latest.putIfAbsent(update.orderId(), update);
    if (known != null && known.version() < update.version()) {
      latest.put(update.orderId(), update);
    }
  }

  public boolean isEmpty() {
    return stock.isEmpty() && due.isEmpty() && payments.isEmpty();
  }
}
