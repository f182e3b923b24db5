package io.orderflow.sink.warehouse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who gets what, first come, first served, by going through everybody each time: orders of one line
 * each, without locations, without any of the sink's code.
 */
final class QueueReference {

  private static final class Order {
    int sku;
    long version;
    String state = "";
    long wanted;
    long held;
    long place;
    boolean waits;
  }

  private final boolean inParts;
  private final Map<Long, Order> orders = new TreeMap<>();
  private final long[] free;
  private final long[] forNewcomers;
  private final Set<Integer> due = new HashSet<>();

  /** SKUs of which newcomers of the present batch get nothing that comes back. */
  private final Set<Integer> withheld = new HashSet<>();

  private long places;

  QueueReference(boolean inParts, int skus, long each) {
    this.inParts = inParts;
    this.free = new long[skus];
    this.forNewcomers = new long[skus];
    Arrays.fill(free, each);
  }

  /** What was noted as due is nobody's but of those who wait, from now on. */
  void beginBatch() {
    withheld.clear();
    for (int sku = 0; sku < free.length; sku++) {
      if (isWaitedFor(sku)) {
        withheld.add(sku);
      }
      forNewcomers[sku] = due.contains(sku) && isWaitedFor(sku) ? 0 : free[sku];
    }
  }

  private boolean isWaitedFor(int sku) {
    return orders.values().stream().anyMatch(order -> order.waits && order.sku == sku);
  }

  void receive(int sku, long quantity) {
    give(sku, quantity);
  }

  private void give(int sku, long quantity) {
    free[sku] += quantity;
    if (withheld.contains(sku)) {
      if (quantity > 0) {
        due.add(sku);
      }
    } else {
      forNewcomers[sku] += quantity;
    }
  }

  void cancel(long id, long version) {
    Order order = order(id);
    order.version = version;
    order.waits = false;
    order.state = "RELEASED";
    long back = order.held;
    order.held = 0;
    give(order.sku, back);
  }

  void reserve(long id, long version, int sku, long quantity) {
    Order order = order(id);
    order.version = version;
    order.sku = sku;
    boolean waited = order.waits;
    order.waits = false;
    long may = order.held > 0 ? free[sku] : Math.min(free[sku], forNewcomers[sku]);
    if (quantity <= order.held + may) {
      take(order, quantity - order.held);
      order.wanted = quantity;
      order.state = "RESERVED";
      return;
    }
    long before = order.held;
    long part = inParts ? before + may : 0;
    if (part >= before) {
      take(order, part - before);
    } else {
      order.held = 0;
      give(sku, before);
    }
    if (!waited || quantity > order.wanted) {
      order.place = ++places;
    }
    order.wanted = quantity;
    order.waits = true;
    order.state = order.held > 0 ? "PARTIALLY_RESERVED" : "REJECTED";
    due.add(sku);
    if (withheld.add(sku)) {
      forNewcomers[sku] = free[sku];
    }
  }

  private Order order(long id) {
    return orders.computeIfAbsent(id, key -> new Order());
  }

  private void take(Order order, long quantity) {
    order.held += quantity;
    free[order.sku] -= quantity;
    if (quantity < 0) {
      free[order.sku] += quantity;
      give(order.sku, -quantity);
    } else {
      forNewcomers[order.sku] = Math.max(0, forNewcomers[order.sku] - quantity);
    }
  }

  /** Goes through all who wait, the first one first. */
  void fill() {
    List<Order> waiting = new ArrayList<>(orders.values());
    waiting.removeIf(order -> !order.waits);
    waiting.sort(Comparator.comparingLong(order -> order.place));
    for (Order order : waiting) {
      long lacking = order.wanted - order.held;
      long part = inParts ? Math.min(lacking, free[order.sku]) : lacking;
      if (part > 0 && part <= free[order.sku]) {
        order.held += part;
        free[order.sku] -= part;
        order.waits = part < lacking;
        order.state = order.waits ? "PARTIALLY_RESERVED" : "BACKORDER_FILLED";
      }
    }
    due.clear();
  }

  /** ID, version, state and reserved quantity of each order. */
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    orders.forEach(
        (id, order) -> rows.add(id + "|" + order.version + "|" + order.state + "|" + order.held));
    return rows;
  }

  /** ID and lacking quantity of each order that waits, the first one first. */
  List<String> waiting() {
    return orders.entrySet().stream()
        .filter(entry -> entry.getValue().waits)
        .sorted(Comparator.comparingLong(entry -> entry.getValue().place))
        .map(entry -> entry.getKey() + "|" + (entry.getValue().wanted - entry.getValue().held))
        .toList();
  }
}
