package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.StockItem;
import java.util.SortedMap;

/**
 * What an update asks for, and the outcomes that it can have.
 *
 * @param lines those of the update without the SKUs that are ignored
 */
record Wish(EffectsUpdate update, SortedMap<StockItem, Effect> lines) {

  /** Whether a part of the wish is possible as well. */
  boolean isReservation() {
    return update instanceof InventoryUpdate inventory && inventory.intent() == Intent.RESERVE;
  }

  /**
   * All that was asked for.
   *
   * @param effects of the lines at their locations, and those that are lost
   */
  Outcome granted(SortedMap<StockItem, Effect> effects) {
    return update instanceof InventoryUpdate inventory
        ? new Outcome(
            inventory.orderId(),
            inventory.version(),
            State.after(inventory.intent()),
            null,
            effects)
        : new Outcome(update.orderId(), update.version(), State.RELEASED, Reason.DELETED, effects);
  }

  Outcome partial(
      Reason reason, SortedMap<StockItem, Effect> part, SortedMap<StockItem, Long> backordered) {
    return new Outcome(
        update.orderId(), update.version(), State.PARTIALLY_RESERVED, reason, part, backordered);
  }

  Outcome rejected(Reason reason, SortedMap<StockItem, Effect> remaining) {
    return new Outcome(update.orderId(), update.version(), State.REJECTED, reason, remaining);
  }
}
