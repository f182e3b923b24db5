package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps stock that orders wait for from newcomers, by its margin: less is available than there is.
 */
final class Withheld {

  private final Map<StockItem, Stock> running;

  /** SKUs that somebody waits for. */
  private final Set<String> waiting;

  /** By SKU, the items that had rows at first. Empty until somebody waits. */
  private final Map<String, List<StockItem>> items = new HashMap<>();

  /** By item that is waited for, how much newcomers may take at most. */
  private final Map<StockItem, Long> free = new HashMap<>();

  /** By item that is waited for, how much was available to all after the last order. */
  private final Map<StockItem, Long> before = new HashMap<>();

  /** By item, its margin without that which is kept from newcomers. */
  private final Map<StockItem, Long> margins = new HashMap<>();

  private final Set<StockItem> moved = new HashSet<>();

  Withheld(Queues queues, Map<StockItem, Stock> running) {
    this.running = running;
    this.waiting = new HashSet<>(queues.waiting());
    if (!waiting.isEmpty()) {
      waiting.forEach(sku -> begin(sku, !queues.due().contains(sku)));
      update();
    }
  }

  /**
   * Begins to withhold stock of an SKU.
   *
   * @param isFree whether what is available now is for newcomers
   */
  private void begin(String sku, boolean isFree) {
    if (items.isEmpty()) {
      running
          .keySet()
          .forEach(item -> items.computeIfAbsent(item.sku(), s -> new ArrayList<>()).add(item));
    }
    for (StockItem item : items.getOrDefault(sku, List.of())) {
      Stock now = running.get(item);
      if (now != null) {
        margins.put(item, now.margin());
        before.put(item, now.available());
        free.put(item, isFree ? Math.max(0, now.available()) : 0);
        moved.add(item);
      }
    }
  }

  /** Notes that an order waits from now on: what others give back later is not for newcomers. */
  void join(String sku) {
    if (waiting.add(sku)) {
      begin(sku, true);
    }
  }

  private boolean isQueued(StockItem item) {
    return waiting.contains(item.sku());
  }

  /** Notes that the stock of an item is another. */
  void changed(StockItem item) {
    if (isQueued(item)) {
      moved.add(item);
    }
  }

  /**
   * Makes all stock of some items available to the next order: one that has reserved some of them
   * is no newcomer, and must not lose that because it wants more.
   */
  void lift(Map<StockItem, Effect> effects) {
    effects.forEach(
        (item, effect) -> {
          Stock now = running.get(item);
          if (effect.reserved() > 0 && now != null && isQueued(item)) {
            running.put(item, now.withMargin(margin(item)));
            moved.add(item);
          }
        });
  }

  private long margin(StockItem item) {
    return margins.getOrDefault(item, 0L);
  }

  /** Withholds what the last order has given back, and takes what it got from what is free. */
  void update() {
    for (StockItem item : moved) {
      @Nullable Stock now = running.get(item);
      if (now != null) {
        Stock all = now.withMargin(margin(item));
        long available = all.available();
        // Negative numbers are left out, since differences of longs may exceed their range.
        long taken = Math.max(0, before.getOrDefault(item, 0L)) - Math.max(0, available);
        long most = Math.max(0, free.getOrDefault(item, 0L) - Math.max(0, taken));
        before.put(item, available);
        free.put(item, most);
        running.put(item, available > most ? all.withAvailable(most) : all);
      }
    }
    moved.clear();
  }
}
