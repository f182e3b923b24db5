package io.orderflow.source.log.change;

import io.orderflow.source.offset.Lsn;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The orders that do not exist although they have items, at the end of the emitted events. No
 * foreign key excludes them: items come before their order while a migration service writes with
 * {@code session_replication_role = replica}, while triggers are disabled, or without the key. The
 * insert of such an order does not contain its items, so that it has to be looked up.
 *
 * <p>They are known once both hold: a query has found all of them, after which the stream's changes
 * have been followed; and the stream has passed the state that the query has seen. Until then any
 * order may be one of them. For one thread.
 */
final class StrayItems {

  /** A database with more of them is not worth more memory: its inserted orders are looked up. */
  static final int MAX_STRAYS = 10_000;

  /** Look-ups of orders that are ahead of the stream; only a capture far behind has as many. */
  static final int MAX_AHEAD = 200_000;

  private final Set<String> strays = new HashSet<>();

  /**
   * Orders whose look-up was ahead of the stream: it does not show whether the order was without
   * its row for a while. Those of the current look-ups, and of some earlier ones.
   */
  private Ahead ahead = new Ahead(new HashSet<>(), new Lsn(0));

  private Ahead aheadBefore = ahead;

  private boolean known;
  private @Nullable Found found;
  private long forgotten;

  /**
   * Orders that were looked up.
   *
   * @param until once the stream has passed this position, their look-ups are not ahead any more
   */
  private record Ahead(Set<String> orderIds, Lsn until) {}

  /** What a query has found, once the stream has passed a position. */
  private record Found(Collection<String> orderIds, Lsn until) {}

  /** Whether an order that is not cached may have items before it is inserted. */
  boolean mayExist(String orderId) {
    return !known
        || strays.contains(orderId)
        || ahead.orderIds().contains(orderId)
        || aheadBefore.orderIds().contains(orderId);
  }

  /** Whether a query is needed to know them. */
  boolean areUnknown() {
    return !known && found == null;
  }

  /** How often they were forgotten: what an older query finds is not complete. */
  long timesForgotten() {
    return forgotten;
  }

  /**
   * A position from which on no order has items without existing, if the later changes are
   * followed; null if there are such orders, or they are not known.
   *
   * @param position the end of the emitted events
   */
  @Nullable Lsn noneFrom(Lsn position) {
    if (!strays.isEmpty()) {
      return null;
    }
    Found pending = found;
    if (known) {
      return position.max(ahead.until());
    }
    return pending != null && pending.orderIds().isEmpty()
        ? position.max(ahead.until()).max(pending.until())
        : null;
  }

  /** Notes the state of an order after its change. */
  void note(String orderId, boolean stray) {
    if (!stray) {
      strays.remove(orderId);
    } else if (strays.add(orderId) && strays.size() > MAX_STRAYS) {
      forget();
    }
  }

  /** A position after everything that look-ups have shown. */
  Lsn lookedUpUntil() {
    return ahead.until();
  }

  /** Notes orders that were looked up in a state before a position. */
  void lookedUp(Collection<String> orderIds, Lsn until) {
    ahead.orderIds().addAll(orderIds);
    ahead = new Ahead(ahead.orderIds(), ahead.until().max(until));
    if (ahead.orderIds().size() > MAX_AHEAD) {
      forget();
    }
  }

  /** Forgets everything, so that a new query is needed. */
  void forget() {
    strays.clear();
    ahead = new Ahead(new HashSet<>(), ahead.until());
    aheadBefore = ahead;
    known = false;
    found = null;
    forgotten++;
  }

  /**
   * Sets what a query has found; must not be called if it began before the last {@link #forget}.
   *
   * @param until a position after everything that the query has seen
   */
  void found(Collection<String> orderIds, Lsn until) {
    found = new Found(Set.copyOf(orderIds), until);
  }

  /** Notes that all changes before a position are emitted. */
  void reached(Lsn position) {
    Found pending = found;
    if (pending != null && !pending.until().isAfter(position)) {
      strays.addAll(pending.orderIds());
      known = true;
      found = null;
    }
    if (!aheadBefore.until().isAfter(position)) {
      aheadBefore = ahead;
      ahead = new Ahead(new HashSet<>(), ahead.until());
    }
  }
}
