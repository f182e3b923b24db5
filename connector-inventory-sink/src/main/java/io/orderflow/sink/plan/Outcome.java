package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of one order after a version of it.
 *
 * @param effects all effects of the order from now on, lost ones included; {@link Effect#NONE} only
 *     for an item that is backordered entirely
 * @param backordered the quantity that could not be reserved, more than 0; each of these items is
 *     in effects as well
 * @param expiresAt when what it has reserved is to be released; null if never
 * @param note the reason that a stock document gives; null if it gives none
 * @param revision of the row that a stored outcome was read from; 0 for one that was decided, whose
 *     revision the database assigns
 */
public record Outcome(
    Object orderId,
    long version,
    State state,
    @Nullable Reason reason,
    SortedMap<StockItem, Effect> effects,
    SortedMap<StockItem, Long> backordered,
    @Nullable Instant expiresAt,
    @Nullable String note,
    long revision) {

  /** A decided outcome that never expires. */
  Outcome(
      Object orderId,
      long version,
      State state,
      @Nullable Reason reason,
      SortedMap<StockItem, Effect> effects,
      SortedMap<StockItem, Long> backordered) {
    this(orderId, version, state, reason, effects, backordered, null, null, 0);
  }

  /** An outcome with nothing backordered. */
  Outcome(
      Object orderId,
      long version,
      State state,
      @Nullable Reason reason,
      SortedMap<StockItem, Effect> effects) {
    this(orderId, version, state, reason, effects, Collections.emptySortedMap());
  }

  /** The same outcome for a later version that keeps it. */
  Outcome keptBy(long laterVersion) {
    return new Outcome(
        orderId, laterVersion, state, reason, effects, backordered, expiresAt, note, 0);
  }

  Outcome expiringAt(@Nullable Instant deadline) {
    return new Outcome(orderId, version, state, reason, effects, backordered, deadline, note, 0);
  }

  Outcome because(Reason otherReason) {
    return new Outcome(
        orderId, version, state, otherReason, effects, backordered, expiresAt, note, 0);
  }

  /** The same outcome of an order whose backorder is filled. */
  Outcome filled() {
    return new Outcome(
        orderId, version, State.BACKORDER_FILLED, null, effects, backordered, expiresAt, note, 0);
  }

  /**
   * Whether a reservation lacks stock, so that the order may wait for it. A shipment can have the
   * same outcome, and waits for nothing.
   */
  public boolean lacksStock() {
    return (state == State.REJECTED || state == State.PARTIALLY_RESERVED)
        && (reason == Reason.INSUFFICIENT_STOCK
            || reason == Reason.UNKNOWN_SKU
            || reason == Reason.EXPIRED);
  }

  /** How much the order has reserved of all items. */
  long reserved() {
    return effects.values().stream().mapToLong(Effect::reserved).reduce(0, Sourcing::sum);
  }

  /** Whether the order has reserved stock that can be released. */
  boolean isReservation() {
    return (state == State.RESERVED
            || state == State.PARTIALLY_RESERVED
            || state == State.BACKORDER_FILLED)
        && effects.values().stream().anyMatch(effect -> effect.reserved() > 0);
  }

  /** Whether a reservation of the order has expired, and the order has reserved nothing since. */
  boolean hasExpired() {
    return state == State.EXPIRED || reason == Reason.EXPIRED;
  }

  /** The same outcome with the reason that its document gives. */
  Outcome withNote(@Nullable String given) {
    return new Outcome(orderId, version, state, reason, effects, backordered, expiresAt, given, 0);
  }

  /** Whether the order has an effect that only a stock document can have. */
  public boolean hasUnavailableOrIncoming() {
    return effects.values().stream().anyMatch(Effect::hasUnavailableOrIncoming);
  }
}
