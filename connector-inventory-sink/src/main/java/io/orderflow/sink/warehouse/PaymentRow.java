package io.orderflow.sink.warehouse;

import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.warehouse.PaymentSql.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The changes of a batch to the payment of one order: the payment, the amount due, or both. */
record PaymentRow(Object orderId, @Nullable PaymentUpdate payment, @Nullable AmountDue due) {

  /**
   * The versions in a stored row.
   *
   * @param paid null if no payment is known
   * @param due null if no amount due is known
   */
  record Stored(@Nullable Long paid, @Nullable Long due) {}

  private static final Set<Part> PAID = Set.of(Part.PAID);
  private static final Set<Part> DUE = Set.of(Part.DUE);
  private static final Set<Part> BOTH = Set.of(Part.PAID, Part.DUE);

  /**
   * One row for each order, sorted by ID.
   *
   * @param payments at most one for each order
   * @param dues at most one for each order
   */
  static List<PaymentRow> of(List<PaymentUpdate> payments, List<AmountDue> dues) {
    List<PaymentRow> rows = new ArrayList<>(payments.size() + dues.size());
    if (dues.isEmpty()) {
      payments.forEach(p -> rows.add(new PaymentRow(p.orderId(), p, null)));
    } else if (payments.isEmpty()) {
      dues.forEach(due -> rows.add(new PaymentRow(due.orderId(), null, due)));
    } else {
      rows.addAll(merged(payments, dues));
    }
    rows.sort((one, other) -> OrderIdColumn.compare(one.orderId(), other.orderId()));
    return rows;
  }

  private static Collection<PaymentRow> merged(List<PaymentUpdate> payments, List<AmountDue> dues) {
    Map<Object, PaymentRow> rows = new HashMap<>(2 * (payments.size() + dues.size()));
    payments.forEach(p -> rows.put(p.orderId(), new PaymentRow(p.orderId(), p, null)));
    dues.forEach(
        due ->
            rows.merge(
                due.orderId(),
                new PaymentRow(due.orderId(), null, due),
                (known, added) -> new PaymentRow(known.orderId(), known.payment(), due)));
    return rows.values();
  }

  /** The parts of this row that are newer than the stored ones. */
  PaymentRow newerThan(@Nullable Stored stored) {
    if (stored == null) {
      return this;
    }
    boolean isPaymentNewer = payment != null && isNewer(payment.version(), stored.paid());
    boolean isDueNewer = due != null && isNewer(due.version(), stored.due());
    return new PaymentRow(orderId, isPaymentNewer ? payment : null, isDueNewer ? due : null);
  }

  boolean isEmpty() {
    return payment == null && due == null;
  }

  /** The parts that this row has. */
  Set<Part> parts() {
    return payment == null ? DUE : due == null ? PAID : BOTH;
  }

  private static boolean isNewer(long version, @Nullable Long stored) {
    return stored == null || stored < version;
  }
}
