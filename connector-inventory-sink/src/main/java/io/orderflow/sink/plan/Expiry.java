package io.orderflow.sink.plan;

import io.orderflow.sink.update.Deadline;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules of reservations that expire: which deadline an order has, and what a late one gets. */
final class Expiry {

  private Expiry() {}

  /**
   * Completes the outcome of an update. An order that waits for stock does so until its deadline.
   *
   * @param known the stored outcome of the order; null for a new order
   */
  static Outcome complete(
      ReservationRules rules, EffectsUpdate update, @Nullable Outcome known, Outcome decided) {
    Outcome outcome =
        known != null && known.hasExpired() && isTooLate(update, decided)
            ? decided.because(Reason.EXPIRED)
            : decided;
    return update instanceof InventoryUpdate inventory
            && waits(inventory)
            && (outcome.isReservation() || (rules.backorders() && outcome.lacksStock()))
        ? outcome.expiringAt(deadline(inventory, known))
        : outcome;
  }

  /** Whether an update reserves something until a deadline. */
  private static boolean waits(InventoryUpdate update) {
    return update.deadline() != null
        && update.effects().values().stream().anyMatch(effect -> effect.reserved() > 0);
  }

  /** Whether others have reserved in the meantime what the order wants again. */
  private static boolean isTooLate(EffectsUpdate update, Outcome decided) {
    return decided.state() == State.REJECTED
        && decided.reason() == Reason.INSUFFICIENT_STOCK
        && update instanceof InventoryUpdate inventory
        && inventory.intent() == Intent.RESERVE;
  }

  /**
   * The deadline after an update, as if all versions of its batch had been applied one by one:
   * those that are stored already do not count, and one without a deadline ends the wait.
   */
  private static @Nullable Instant deadline(InventoryUpdate latest, @Nullable Outcome known) {
    ArrayDeque<Deadline> newestFirst = new ArrayDeque<>();
    Instant deadline = null;
    StockUpdate update = latest;
    while (true) {
      if (update == null || (known != null && update.version() <= known.version())) {
        deadline = known == null ? null : known.expiresAt();
        break;
      }
      if (update instanceof Keep keep) {
        update = keep.earlier();
      } else if (update instanceof InventoryUpdate waiting && waits(waiting)) {
        newestFirst.add(Objects.requireNonNull(waiting.deadline()));
        update = waiting.older();
      } else {
        break;
      }
    }
    while (!newestFirst.isEmpty()) {
      deadline = newestFirst.removeLast().after(deadline);
    }
    return deadline;
  }

  /**
   * The effects of an order after its reservation has expired: shipped goods remain shipped, and
   * what is lost remains visible.
   */
  static SortedMap<StockItem, Effect> remaining(
      SortedMap<StockItem, Effect> effects, SortedMap<StockItem, Effect> lost) {
    SortedMap<StockItem, Effect> remaining = new TreeMap<>();
    effects.forEach((item, effect) -> remaining.put(item, new Effect(0, effect.onHand())));
    remaining.values().removeIf(Effect::isNone);
    remaining.putAll(lost);
    return remaining;
  }
}
