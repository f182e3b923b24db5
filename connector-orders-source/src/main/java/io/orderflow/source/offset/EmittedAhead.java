package io.orderflow.source.offset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Orders whose events are ahead of the log: a look-up has shown them in a version whose own change
 * was not reached. The changes in between, and that one, are in those events already, also for a
 * task that starts in between and does not know the orders.
 *
 * <p>No record, since its text is kept: the offsets of all records of a batch may contain it.
 */
public final class EmittedAhead {

  /**
   * The maximum number of orders, since each offset contains all of them. Of any further order, a
   * version may be emitted twice.
   */
  public static final int MAX_ORDERS = 100;

  /** No order. */
  public static final EmittedAhead NONE = new EmittedAhead(Map.of());

  private static final String SEPARATOR = "@";

  private final Map<String, Order> orders;

  /** Null until it is asked for. */
  private @Nullable String text;

  /**
   * An order that was emitted.
   *
   * @param version that was emitted
   * @param lookedUpIn shows the transactions whose changes the event contains
   * @param until a position after all these transactions
   */
  public record Order(long version, TransactionSnapshot lookedUpIn, Lsn until) {

    /** Whether the event contains the changes of a transaction. */
    public boolean contains(long xid) {
      return lookedUpIn.shows32(xid);
    }
  }

  private EmittedAhead(Map<String, Order> orders) {
    this.orders = Map.copyOf(orders);
  }

  /** By order ID as text. */
  public Map<String, Order> orders() {
    return orders;
  }

  /** An order; null if its events are not ahead. */
  public @Nullable Order get(String orderId) {
    return orders.get(orderId);
  }

  /** These and one more, unless there are too many. */
  public EmittedAhead with(String orderId, Order order) {
    if (orders.size() >= MAX_ORDERS && !orders.containsKey(orderId)) {
      return this;
    }
    Map<String, Order> more = new HashMap<>(orders);
    more.put(orderId, order);
    return new EmittedAhead(more);
  }

  /** These without an order that was deleted: what follows is not in its event. */
  public EmittedAhead without(String orderId) {
    if (!orders.containsKey(orderId)) {
      return this;
    }
    Map<String, Order> fewer = new HashMap<>(orders);
    fewer.remove(orderId);
    return new EmittedAhead(fewer);
  }

  /** Those that are still ahead once all changes before a position are emitted. */
  public EmittedAhead reached(Lsn position) {
    if (orders.values().stream().allMatch(order -> order.until().isAfter(position))) {
      return this;
    }
    Map<String, Order> left = new HashMap<>(orders);
    left.values().removeIf(order -> !order.until().isAfter(position));
    return new EmittedAhead(left);
  }

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException if the text is no such form
   */
  static EmittedAhead parse(String text) {
    Map<String, Order> orders = new HashMap<>();
    for (String order : text.split(" ", -1)) {
      String[] parts = order.split(SEPARATOR, -1);
      if (parts.length != 4) {
        throw new IllegalArgumentException("not four parts: " + order);
      }
      orders.put(
          URLDecoder.decode(parts[0], UTF_8),
          new Order(
              Long.parseLong(parts[1]), TransactionSnapshot.parse(parts[2]), Lsn.parse(parts[3])));
    }
    return new EmittedAhead(orders);
  }

  /** The text form. */
  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      known =
          new TreeMap<>(orders)
              .entrySet().stream()
                  .map(
                      entry ->
                          String.join(
                              SEPARATOR,
                              URLEncoder.encode(entry.getKey(), UTF_8),
                              Long.toString(entry.getValue().version()),
                              entry.getValue().lookedUpIn().toString(),
                              entry.getValue().until().toString()))
                  .collect(Collectors.joining(" "));
      text = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EmittedAhead ahead && orders.equals(ahead.orders);
  }

  @Override
  public int hashCode() {
    return orders.hashCode();
  }
}
