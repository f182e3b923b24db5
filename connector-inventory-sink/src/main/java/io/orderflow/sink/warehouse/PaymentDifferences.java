package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.OrderPayment;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a batch adds to the sums of orders: for each payment, the difference between its new version
 * and its stored one. A payment whose order or currency changes moves from one sum to another.
 */
final class PaymentDifferences {

  /**
   * What a payment adds to the sums of its order.
   *
   * @param orderId null for a payment of no order, which adds nothing
   * @param currency null if the record has none
   */
  record Part(
      @Nullable Object orderId, @Nullable String currency, BigDecimal paid, BigDecimal refunded) {}

  /** The difference of one sum. */
  record Total(Object orderId, String currency, BigDecimal paid, BigDecimal refunded) {

    private boolean isZero() {
      return paid.signum() == 0 && refunded.signum() == 0;
    }

    /** With more added; null, as in a table that allows it, counts as 0. */
    Total plus(@Nullable BigDecimal morePaid, @Nullable BigDecimal moreRefunded) {
      return new Total(
          orderId,
          currency,
          morePaid == null ? paid : paid.add(morePaid),
          moreRefunded == null ? refunded : refunded.add(moreRefunded));
    }

    private Total plus(Total other) {
      return plus(other.paid, other.refunded);
    }
  }

  private record Key(Object orderId, String currency) {}

  /** The order in which all tasks lock sums. */
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::orderId, OrderIdColumn::compare).thenComparing(Key::currency);

  private final Map<Key, Total> totals = new TreeMap<>(ORDER);

  /**
   * Adds the difference between the stored version of a payment, if there is one, and its new one.
   */
  void add(@Nullable Part stored, OrderPayment payment) {
    if (stored != null) {
      add(stored.orderId(), stored.currency(), stored.paid().negate(), stored.refunded().negate());
    }
    add(payment.orderId(), payment.currency(), payment.paid(), payment.refunded());
  }

  private void add(
      @Nullable Object orderId, @Nullable String currency, BigDecimal paid, BigDecimal refunded) {
    if (orderId != null) {
      String code = currency == null ? "" : currency;
      totals.merge(new Key(orderId, code), new Total(orderId, code, paid, refunded), Total::plus);
    }
  }

  /** The sums that change, sorted by order and currency. */
  List<Total> totals() {
    return totals.values().stream().filter(total -> !total.isZero()).toList();
  }
}
