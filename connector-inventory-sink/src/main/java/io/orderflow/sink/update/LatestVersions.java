package io.orderflow.sink.update;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch of updates without those that another one of the batch supersedes. Of each kind and key
 * it keeps the update with the greatest version, and of equal versions the first, as if the updates
 * had been applied one by one. Orders keep the place where they first appeared.
 *
 * @param payments of orders that have one payment each
 * @param orderPayments payments with IDs of their own
 * @param receivedStock number of stock updates, superseded ones included
 * @param receivedPayments number of updates of payments, superseded ones included
 */
public record LatestVersions(
    List<StockUpdate> stock,
    List<AmountDue> due,
    List<PaymentUpdate> payments,
    List<OrderPayment> orderPayments,
    long receivedStock,
    long receivedPayments) {

  public static LatestVersions of(Iterable<? extends Update> updates) {
    Map<Object, StockUpdate> stock = new LinkedHashMap<>();
    Map<Object, AmountDue> due = new LinkedHashMap<>();
    Map<Object, PaymentUpdate> payments = new LinkedHashMap<>();
    Map<Object, OrderPayment> orderPayments = new LinkedHashMap<>();
    long receivedStock = 0;
    long receivedPayments = 0;
    for (Update update : updates) {
      if (update instanceof Keep keep) {
        StockUpdate older = stock.get(keep.orderId());
        keepNewer(stock, older == null ? keep : keep.after(older));
        receivedStock++;
      } else if (update instanceof InventoryUpdate waiting && waiting.deadline() != null) {
        StockUpdate older = stock.get(waiting.orderId());
        keepNewer(stock, older == null ? waiting : waiting.after(older));
        receivedStock++;
      } else if (update instanceof StockUpdate ofStock) {
        keepNewer(stock, ofStock);
        receivedStock++;
      } else if (update instanceof AmountDue ofDue) {
        keepNewer(due, ofDue);
      } else if (update instanceof PaymentUpdate ofPayment) {
        keepNewer(payments, ofPayment);
        receivedPayments++;
      } else if (update instanceof OrderPayment ofPayment) {
        keepNewer(orderPayments, ofPayment);
        receivedPayments++;
      }
    }
    return new LatestVersions(
        List.copyOf(stock.values()),
        List.copyOf(due.values()),
        List.copyOf(payments.values()),
        List.copyOf(orderPayments.values()),
        receivedStock,
        receivedPayments);
  }

  private static <U extends Update> void keepNewer(Map<Object, U> latest, U update) {
    U known = latest.putIfAbsent(update.key(), update);
    if (known != null && known.version() < update.version()) {
      latest.put(update.key(), update);
    }
  }

  public boolean isEmpty() {
    return stock.isEmpty() && due.isEmpty() && payments.isEmpty() && orderPayments.isEmpty();
  }
}
