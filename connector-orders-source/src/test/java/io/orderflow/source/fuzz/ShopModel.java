package io.orderflow.source.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which orders and items exist, if all statements of a history succeed. */
final class ShopModel {

  /** A higher number makes changes of the same order rarer. */
  static final int ORDERS = 9;

  static final int LINES = 4;

  /** An order, by its number. It may have items without existing. */
  static final class Order {
    boolean exists;
    Set<Integer> lines = new TreeSet<>();

    Order copy() {
      Order copy = new Order();
      copy.exists = exists;
      copy.lines = new TreeSet<>(lines);
      return copy;
    }

    List<Integer> freeLines() {
      List<Integer> free = new ArrayList<>();
      for (int line = 1; line <= LINES; line++) {
        if (!lines.contains(line)) {
          free.add(line);
        }
      }
      return free;
    }
  }

  /** An open transaction, with the orders that no other transaction may change. */
  final class Transaction {

    private final boolean repeatableRead;
    private final int begun = ended;
    private final Map<Integer, Order> before = new HashMap<>();
    private Map<Integer, Order> atSavepoint = Map.of();

    private Transaction(boolean repeatableRead) {
      this.repeatableRead = repeatableRead;
    }

    /**
     * Claims some orders that no other transaction has claimed; under REPEATABLE READ, none that
     * another has changed since this one began, since a change of them could fail.
     */
    List<Integer> claim(Draw draw, int max) {
      List<Integer> free = new ArrayList<>();
      for (int number = 1; number <= ORDERS; number++) {
        boolean isFree =
            !claimed.contains(number)
                && !(repeatableRead && lastChanges.getOrDefault(number, -1) >= begun);
        if (before.containsKey(number) || isFree) {
          free.add(number);
        }
      }
      List<Integer> chosen = draw.some(free, max);
      for (int number : chosen) {
        claimed.add(number);
        before.putIfAbsent(number, order(number).copy());
      }
      return chosen;
    }

    /** Claims all orders, while no other transaction is open. */
    void claimAll() {
      for (int number = 1; number <= ORDERS; number++) {
        claimed.add(number);
        before.putIfAbsent(number, order(number).copy());
      }
    }

    void savepoint() {
      atSavepoint = new HashMap<>();
      before.keySet().forEach(number -> atSavepoint.put(number, order(number).copy()));
    }

    void rollbackToSavepoint() {
      before.forEach(
          (number, order) -> orders.put(number, atSavepoint.getOrDefault(number, order).copy()));
    }

    void rollback() {
      orders.putAll(before);
      claimed.removeAll(before.keySet());
    }

    void commit() {
      claimed.removeAll(before.keySet());
      before.keySet().forEach(number -> lastChanges.put(number, ended));
      ended++;
    }
  }

  private final Map<Integer, Order> orders = new HashMap<>();
  private final Set<Integer> claimed = new TreeSet<>();
  private final Map<Integer, Integer> lastChanges = new HashMap<>();
  private int ended;

  Transaction begin(boolean repeatableRead) {
    return new Transaction(repeatableRead);
  }

  Order order(int number) {
    return orders.computeIfAbsent(number, n -> new Order());
  }

  void truncate(boolean withOrders) {
    orders
        .values()
        .forEach(
            order -> {
              order.lines.clear();
              order.exists &= !withOrders;
            });
  }
}
