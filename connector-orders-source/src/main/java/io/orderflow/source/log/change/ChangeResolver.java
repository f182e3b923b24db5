package io.orderflow.source.log.change;

import io.orderflow.source.event.OrderEvent.Kind;
import io.orderflow.source.log.change.Batch.Telling;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.read.TextReader;
import io.orderflow.source.schema.OrderSchema;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what each transaction made of each of its orders. What follows from the log alone, since
 * the order is known from its placing on or was looked up before, is exact: the order as that
 * transaction left it. All else is looked up, whole and in one snapshot, which may show later
 * changes as well:
 *
 * <ul>
 *   <li>Where the log's place is the version, each change is told, and some show what the next one
 *       made.
 *   <li>Where the shop keeps versions, a change is not told if the look-up shows a later version
 *       already: that one is told in its turn, and {@link DeferredVersions} until then. So what is
 *       told with a version is exactly that version, and none is told twice, unless the shop gives
 *       it twice.
 * </ul>
 *
 * For one thread.
 */
public final class ChangeResolver {

  private final OrderCache known;
  private final boolean filtered;
  private final DeferredVersions owed;
  private final UnraisedVersions unraised;

  private OrderSchema layout;
  private Replay replay;
  private Versions versions;
  private RowVersions shopVersions;
  private ItemOrder itemOrder;
  private TextReader ids;

  /**
   * A teller that knows no order yet.
   *
   * @param filtered whether only some orders are told: which of them, SQL says, so that every
   *     change is looked up
   * @param most how many orders it remembers
   * @param owed what is still to be told of what look-ups have shown
   */
  public ChangeResolver(
      OrderSchema layout, boolean filtered, int most, DeferredVersions owed, InstantSource clock) {
    known = new OrderCache(most);
    this.filtered = filtered;
    this.owed = owed;
    unraised = new UnraisedVersions(clock);
    this.layout = layout;
    replay = new Replay(layout);
    versions = new Versions(layout);
    shopVersions = new RowVersions(replay, versions);
    itemOrder = new ItemOrder(layout);
    ids = TextReader.of(layout.idColumn().type());
  }

  /** The tables have other columns now, or may have. */
  public void reshape(OrderSchema now) {
    if (now.equals(layout)) {
      return;
    }
    known.forgetAll();
    layout = now;
    replay = new Replay(now);
    versions = new Versions(now);
    shopVersions = new RowVersions(replay, versions);
    itemOrder = new ItemOrder(now);
    ids = TextReader.of(now.idColumn().type());
  }

  /** An order ID as events have it, from its text in the log. */
  public Object idOf(String orderId) {
    return ids.read(orderId);
  }

  /** Tells what follows from the log; to be completed by {@link #tell}, before the next batch. */
  public Batch read(List<DatabaseTransaction> transactions) {
    List<Telling> tellings = new ArrayList<>();
    Set<String> missing = new HashSet<>();
    for (DatabaseTransaction transaction : transactions) {
      int place = 0;
      for (OrderChange change : transaction.orders()) {
        tellings.add(telling(transaction, place, change, missing));
        place++;
      }
    }
    return new Batch(tellings);
  }

  private Telling telling(
      DatabaseTransaction transaction, int place, OrderChange change, Set<String> missing) {
    String id = change.orderId();
    long version = shopVersions.of(change);
    @Nullable CachedOrder before = missing.contains(id) ? null : known.get(id);
    if (before != null && before.contains(transaction.xid())) {
      Told shown = told(transaction, place, id, before);
      return new Telling(transaction, place, id, shown, version, false);
    }
    @Nullable Told told = told(transaction, place, change, before);
    if (told == null) {
      missing.add(id);
    } else {
      missing.remove(id);
    }
    return new Telling(transaction, place, id, told, version, told != null);
  }

  private @Nullable Told told(
      DatabaseTransaction transaction,
      int place,
      OrderChange change,
      @Nullable CachedOrder before) {
    String id = change.orderId();
    if (isDeleted(change)) {
      known.forget(id);
      return gone(transaction, place, change, before);
    }
    @Nullable CachedOrder after = filtered ? null : replay.after(change, before);
    if (after == null || after.values() == null) {
      known.forget(id);
      return null;
    }
    known.put(id, after);
    return told(transaction, place, id, after);
  }

  /** Whether the order was deleted, and not placed again. */
  private static boolean isDeleted(OrderChange change) {
    boolean deleted = false;
    for (RowChange step : change.steps()) {
      if (step instanceof RowChange.OrderDeleted) {
        deleted = true;
      } else if (step instanceof RowChange.OrderPlaced || step instanceof RowChange.OrderChanged) {
        deleted = false;
      }
    }
    return deleted;
  }

  private Told gone(
      DatabaseTransaction transaction,
      int place,
      OrderChange change,
      @Nullable CachedOrder before) {
    return new Told(
        transaction,
        place,
        layout,
        ids.read(change.orderId()),
        versions.ofDeletion(
            transaction,
            shopVersions.ofDeleted(change, before == null ? CachedOrder.NONE : before.told())),
        Kind.DELETE,
        List.of(),
        List.of());
  }

  /** Completes a batch, in the order of its transactions. */
  public List<Told> tell(Batch batch, @Nullable LookedUp lookedUp) {
    if (lookedUp != null) {
      remember(batch, lookedUp);
    }
    List<Told> all = new ArrayList<>(batch.tellings().size());
    for (Telling telling : batch.tellings()) {
      Told told = telling.told();
      if (told != null && told.kind() == Kind.DELETE) {
        owed.deleted(telling.orderId());
      } else if (telling.version() != CachedOrder.NONE) {
        owed.told(telling.orderId(), telling.version());
      }
      if (told == null && lookedUp != null) {
        told = lookedUp(telling, lookedUp);
      }
      if (told != null && isTold(telling, told)) {
        all.add(told);
      }
    }
    return all;
  }

  private void remember(Batch batch, LookedUp lookedUp) {
    reshape(lookedUp.layout());
    for (String id : batch.missing()) {
      OrderSnapshot order = lookedUp.orders().get(id);
      CachedOrder before = known.get(id);
      // What the log told of it afterwards, in this batch, is newer; an earlier look-up is not.
      if (order != null && (before == null || before.shows() != null)) {
        long told = before == null ? CachedOrder.NONE : before.told();
        known.put(id, new CachedOrder(order.values(), order.items(), lookedUp.snapshot(), told));
      }
    }
  }

  /** Null where the order is not there any more, or does not match. */
  private @Nullable Told lookedUp(Telling telling, LookedUp lookedUp) {
    OrderSnapshot order = lookedUp.orders().get(telling.orderId());
    if (order == null) {
      if (!filtered) {
        owed.gone(telling.orderId());
      }
      return null;
    }
    return new Told(
        telling.transaction(),
        telling.place(),
        layout,
        order.id(),
        versions.of(telling.transaction(), order.values()),
        Kind.CHANGE,
        order.values(),
        itemOrder.sorted(order.items()));
  }

  private Told told(DatabaseTransaction transaction, int place, String id, CachedOrder order) {
    List<@Nullable Object> values = Objects.requireNonNull(order.values());
    return new Told(
        transaction,
        place,
        layout,
        ids.read(id),
        versions.of(transaction, values),
        Kind.CHANGE,
        values,
        itemOrder.sorted(order.items()));
  }

  /** Whether it is this one's turn: see above. */
  private boolean isTold(Telling telling, Told told) {
    if (!versions.kept() || told.kind() == Kind.DELETE) {
      return true;
    }
    String id = telling.orderId();
    long version = told.version();
    if (telling.version() != CachedOrder.NONE && telling.version() < version) {
      owed.shown(id, version);
      return false;
    }
    CachedOrder order = known.get(id);
    if (order == null) {
      return true;
    }
    if (version <= order.told()) {
      if (!telling.exact()) {
        return false;
      }
      unraised.found(id, version, order.told());
    }
    known.put(id, order.toldAs(version));
    return true;
  }
}
