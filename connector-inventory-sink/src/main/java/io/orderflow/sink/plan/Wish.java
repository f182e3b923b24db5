package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an update asks for, and the outcomes that it can have.
 *
 * @param effects by SKU, those of the update without the SKUs that are ignored
 */
record Wish(EffectsUpdate update, SortedMap<String, Effect> effects) {

  /** Whether a part of the wish is possible as well. */
  boolean isReservation() {
    return update instanceof InventoryUpdate inventory && inventory.intent() == Intent.RESERVE;
  }

  /**
   * Whether the wish needs no stock that is lost. Of such an SKU it may at most release what was
   * reserved, which nobody can take back.
   */
  boolean isApartFrom(SortedMap<String, Effect> lost) {
    return lost.entrySet().stream()
        .allMatch(
            known -> {
              Effect wanted = effects.get(known.getKey());
              return wanted == null
                  || (wanted.reserved() == 0 && wanted.onHand() == known.getValue().onHand());
            });
  }

  /** The effects on stock that is not lost. */
  SortedMap<String, Effect> without(SortedMap<String, Effect> lost) {
    if (lost.isEmpty()) {
      return effects;
    }
    SortedMap<String, Effect> others = new TreeMap<>(effects);
    others.keySet().removeAll(lost.keySet());
    return others;
  }

  /** All that was asked for, beside effects that are lost. */
  Outcome granted(SortedMap<String, Effect> lost) {
    SortedMap<String, Effect> all = Planner.union(effects, lost);
    return update instanceof InventoryUpdate inventory
        ? new Outcome(
            inventory.orderId(), inventory.version(), State.after(inventory.intent()), null, all)
        : new Outcome(update.orderId(), update.version(), State.RELEASED, Reason.DELETED, all);
  }

  Outcome partial(
      Reason reason, SortedMap<String, Effect> part, SortedMap<String, Long> backordered) {
    return new Outcome(
        update.orderId(), update.version(), State.PARTIALLY_RESERVED, reason, part, backordered);
  }

  Outcome rejected(Reason reason, SortedMap<String, Effect> remaining) {
    return new Outcome(update.orderId(), update.version(), State.REJECTED, reason, remaining);
  }
}
