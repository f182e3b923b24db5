package io.orderflow.source.log.change;

import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of orders at the end of the emitted events: the orders that were used most
 * recently, so that most changes need no look-up, and which orders may have items before they are
 * inserted. An evicted order is looked up at its next change. For one thread.
 */
public final class OrderCache {

  /** The maximum number of orders that are known to have items without existing. */
  public static final int MAX_STRAY_ORDERS = StrayItems.MAX_STRAYS;

  private final Map<String, CachedOrder> orders;
  private final StrayItems strays = new StrayItems();

  /** Creates an empty cache of at most {@code maxOrders} orders. */
  public OrderCache(int maxOrders) {
    orders = new LeastRecentlyUsed(maxOrders);
  }

  @Nullable CachedOrder get(String orderId) {
    return orders.get(orderId);
  }

  /** Whether an order that is not cached may have items before it is inserted. */
  boolean mayHaveStrayItems(String orderId) {
    return strays.mayExist(orderId);
  }

  /** A position after everything that look-ups have shown. */
  Lsn lookedUpUntil() {
    return strays.lookedUpUntil();
  }

  /**
   * Stores what a resolution has changed; without a value, the order neither exists nor has items.
   *
   * @param lookedUp the look-up that the resolution has used
   */
  public void apply(Map<String, Optional<CachedOrder>> changes, LookUpResult lookedUp) {
    strays.lookedUp(lookedUp.requested(), lookedUp.highWatermark());
    changes.forEach(
        (orderId, order) -> {
          strays.note(orderId, order.isPresent() && order.get().hasStrayItems());
          order.ifPresentOrElse(
              present -> orders.put(orderId, present), () -> orders.remove(orderId));
        });
  }

  /** Evicts all orders. */
  public void clear() {
    orders.clear();
  }

  /** Notes that all changes before a position are emitted. */
  public void reached(Lsn position) {
    strays.reached(position);
  }

  /** Whether a query is needed to know which orders have items without existing. */
  public boolean needsStrayItems() {
    return strays.areUnknown();
  }

  /** How often that knowledge was lost: what an older query finds is not complete. */
  public long timesStrayItemsForgotten() {
    return strays.timesForgotten();
  }

  /**
   * Sets the orders that have items without existing, of which there are at most {@link
   * #MAX_STRAY_ORDERS}.
   *
   * @param until a position after everything that the query for them has seen; all changes since
   *     its start have to be applied
   */
  public void foundStrayItems(Collection<String> orderIds, Lsn until) {
    strays.found(orderIds, until);
  }

  /** See {@link io.orderflow.source.offset.KnownTables#noStrayItemsFrom}. */
  public @Nullable Lsn noStrayItemsFrom(Lsn position) {
    return strays.noneFrom(position);
  }

  private static final class LeastRecentlyUsed extends LinkedHashMap<String, CachedOrder> {

    private static final long serialVersionUID = 1L;

    private final int maxOrders;

    LeastRecentlyUsed(int maxOrders) {
      super(16, 0.75f, true);
      this.maxOrders = maxOrders;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, CachedOrder> eldest) {
      return size() > maxOrders;
    }
  }

  /**
   * The state of an order, from its own changes or from a look-up.
   *
   * @param values of its row, in the order of the schema's columns; null if it does not exist
   * @param items for each item its values, in the order of the schema's columns; an order that does
   *     not exist may have items, too
   * @param lookedUpIn the snapshot of the look-up, which may show changes that are not streamed
   *     yet; null if the whole state comes from the log, up to the last emitted change
   * @param emittedVersion the version that was emitted last, possibly before the look-up; {@link
   *     OrderChange#NO_VERSION} if none is known
   * @param isEmitted whether the state was emitted since the look-up, under that version
   * @param countsAsDeleted whether it is emitted as deleted although it exists
   */
  record CachedOrder(
      @Nullable List<@Nullable Object> values,
      List<List<@Nullable Object>> items,
      @Nullable TransactionSnapshot lookedUpIn,
      long emittedVersion,
      boolean isEmitted,
      boolean countsAsDeleted) {

    /** An order that does not exist and has no items. */
    static final CachedOrder ABSENT =
        new CachedOrder(null, List.of(), null, OrderChange.NO_VERSION, false, false);

    boolean exists() {
      return values != null;
    }

    boolean hasStrayItems() {
      return values == null && !items.isEmpty();
    }

    /** Whether the state already contains the changes of a transaction. */
    boolean shows(long xid) {
      return lookedUpIn != null && lookedUpIn.shows32(xid);
    }

    /** The state once it is emitted. */
    CachedOrder emitted(long version) {
      return new CachedOrder(values, items, lookedUpIn, version, true, countsAsDeleted);
    }

    /** The state that a look-up shows after an earlier state was emitted under this version. */
    CachedOrder after(long version) {
      return new CachedOrder(values, items, lookedUpIn, version, false, countsAsDeleted);
    }
  }
}
