package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.OrderPayment;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.StockItem;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A row of the audit trail: one applied change.
 *
 * @param paymentId empty for a change of anything but a payment with an ID of its own; of a filled
 *     backorder the revision of the order before, since a version can be filled in several parts
 * @param state of the order's stock, or of its payment; null for an amount due
 * @param moved the change of stock, without {@link Effect#NONE}
 */
record AuditRow(
    Object orderId,
    long version,
    Kind kind,
    String paymentId,
    @Nullable String state,
    @Nullable String reason,
    SortedMap<StockItem, Effect> moved,
    Origin origin) {

  /** The kind of change. Each kind has versions of its own. */
  enum Kind {
    INVENTORY,
    /** The reservation of this version of the order has expired. */
    EXPIRY,
    /** This version of the order has got stock that it waited for. */
    BACKORDER,
    PAYMENT,
    DUE
  }

  private static final String NO_PAYMENT = "";
  private static final Origin NO_RECORD = new Origin("", -1, -1, null);
  private static final SortedMap<StockItem, Effect> NOTHING = Collections.emptySortedMap();

  static AuditRow of(Outcome outcome, @Nullable Outcome before, Origin origin) {
    return new AuditRow(
        outcome.orderId(),
        outcome.version(),
        Kind.INVENTORY,
        NO_PAYMENT,
        outcome.state().name(),
        OrderSql.reason(outcome),
        moved(before == null ? NOTHING : before.effects(), outcome.effects()),
        origin);
  }

  /** The change of an order whose reservation has expired. It comes from no record. */
  static AuditRow ofExpiry(Outcome outcome, Outcome before) {
    return new AuditRow(
        outcome.orderId(),
        outcome.version(),
        Kind.EXPIRY,
        NO_PAYMENT,
        outcome.state().name(),
        OrderSql.reason(outcome),
        moved(before.effects(), outcome.effects()),
        NO_RECORD);
  }

  /** The change of an order that has got what it waited for. It comes from no record. */
  static AuditRow ofFill(Outcome outcome, Outcome before) {
    return new AuditRow(
        outcome.orderId(),
        outcome.version(),
        Kind.BACKORDER,
        Long.toString(before.revision()),
        outcome.state().name(),
        OrderSql.reason(outcome),
        moved(before.effects(), outcome.effects()),
        NO_RECORD);
  }

  static AuditRow of(PaymentUpdate payment, Origin origin) {
    return new AuditRow(
        payment.orderId(),
        payment.version(),
        Kind.PAYMENT,
        NO_PAYMENT,
        payment.status(),
        null,
        NOTHING,
        origin);
  }

  static AuditRow of(AmountDue due, Origin origin) {
    return new AuditRow(
        due.orderId(), due.version(), Kind.DUE, NO_PAYMENT, null, null, NOTHING, origin);
  }

  static AuditRow of(Object orderId, OrderPayment payment, Origin origin) {
    return new AuditRow(
        orderId,
        payment.version(),
        Kind.PAYMENT,
        payment.paymentId(),
        payment.state().name(),
        null,
        NOTHING,
        origin);
  }

  private static SortedMap<StockItem, Effect> moved(
      SortedMap<StockItem, Effect> before, SortedMap<StockItem, Effect> after) {
    SortedMap<StockItem, Effect> moved = new TreeMap<>(after);
    before.forEach(
        (item, had) -> moved.put(item, after.getOrDefault(item, Effect.NONE).minus(had)));
    moved.values().removeIf(Effect::isNone);
    return moved;
  }
}
