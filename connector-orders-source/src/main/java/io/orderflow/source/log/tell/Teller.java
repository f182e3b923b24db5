package io.orderflow.source.log.tell;

import io.orderflow.source.event.Layout;
import io.orderflow.source.event.OrderEvent.Kind;
import io.orderflow.source.log.assembly.DatabaseTransaction;
import io.orderflow.source.log.assembly.OrderChange;
import io.orderflow.source.log.assembly.Step;
import io.orderflow.source.log.protocol.OldRow;
import io.orderflow.source.log.tell.Batch.Telling;
import io.orderflow.source.row.TextReader;
import io.orderflow.source.whole.WholeOrder;
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
 *       already: that one is told in its turn. So what is told with a version is exactly that
 *       version, and no version is told twice.
 * </ul>
 *
 * For one thread.
 */
public final class Teller {

  private final KnownOrders known;
  private final boolean filtered;

  private Layout layout;
  private Replay replay;
  private Versions versions;
  private ItemOrder itemOrder;
  private TextReader ids;

  /**
   * A teller that knows no order yet.
   *
   * @param filtered whether only some orders are told: which of them, SQL says, so that every
   *     change is looked up
   * @param most how many orders it remembers
   */
  public Teller(Layout layout, boolean filtered, int most) {
    known = new KnownOrders(most);
    this.filtered = filtered;
    this.layout = layout;
    replay = new Replay(layout);
    versions = new Versions(layout);
    itemOrder = new ItemOrder(layout);
    ids = TextReader.of(layout.idColumn().type());
  }

  /** The tables have other columns now, or may have. */
  public void reshape(Layout now) {
    if (now.equals(layout)) {
      return;
    }
    known.forgetAll();
    layout = now;
    replay = new Replay(now);
    versions = new Versions(now);
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
        @Nullable Told told = told(transaction, place, change, missing);
        long version = told == null ? ownVersion(transaction, change) : told.version();
        tellings.add(new Telling(transaction, place, change.orderId(), told, version));
        place++;
      }
    }
    return new Batch(tellings);
  }

  private @Nullable Told told(
      DatabaseTransaction transaction, int place, OrderChange change, Set<String> missing) {
    String id = change.orderId();
    @Nullable KnownOrder before = missing.contains(id) ? null : known.get(id);
    if (before != null && before.contains(transaction.xid())) {
      return told(transaction, place, id, before);
    }
    OldRow deleted = deleted(change);
    if (deleted != null) {
      missing.remove(id);
      known.forget(id);
      return gone(transaction, place, change, before);
    }
    @Nullable KnownOrder after = filtered ? null : replay.after(change, before);
    if (after == null || after.values() == null) {
      missing.add(id);
      known.forget(id);
      return null;
    }
    missing.remove(id);
    known.put(id, after);
    return told(transaction, place, id, after);
  }

  private long ownVersion(DatabaseTransaction transaction, OrderChange change) {
    long version = KnownOrder.NONE;
    for (Step step : change.steps()) {
      @Nullable List<@Nullable Object> values = null;
      if (step instanceof Step.OrderPlaced placed) {
        values = replay.order(step, placed.row());
      } else if (step instanceof Step.OrderChanged changed) {
        values = replay.order(step, changed.row());
      }
      version = values == null ? version : versions.of(transaction, values);
    }
    return version;
  }

  /** The row that the order's last deletion took, if it was not placed again. */
  private static @Nullable OldRow deleted(OrderChange change) {
    OldRow deleted = null;
    for (Step step : change.steps()) {
      if (step instanceof Step.OrderDeleted deletion) {
        deleted = deletion.old();
      } else if (step instanceof Step.OrderPlaced || step instanceof Step.OrderChanged) {
        deleted = null;
      }
    }
    return deleted;
  }

  private Told gone(
      DatabaseTransaction transaction, int place, OrderChange change, @Nullable KnownOrder before) {
    return new Told(
        transaction,
        place,
        layout,
        ids.read(change.orderId()),
        versions.ofDeletion(transaction, lastVersion(transaction, change, before)),
        Kind.DELETE,
        List.of(),
        List.of());
  }

  private long lastVersion(
      DatabaseTransaction transaction, OrderChange change, @Nullable KnownOrder before) {
    long last = before == null ? KnownOrder.NONE : before.told();
    for (Step step : change.steps()) {
      if (step instanceof Step.OrderDeleted deletion
          && deletion.old().kind() == OldRow.Kind.WHOLE) {
        List<@Nullable Object> values = replay.order(step, deletion.old().tuple());
        last = values == null ? last : Math.max(last, versions.of(transaction, values));
      }
    }
    return last;
  }

  /** Completes a batch, in the order of its transactions. */
  public List<Told> tell(Batch batch, @Nullable LookedUp lookedUp) {
    if (lookedUp != null) {
      remember(batch, lookedUp);
    }
    List<Told> all = new ArrayList<>(batch.tellings().size());
    for (Telling telling : batch.tellings()) {
      Told told = telling.told();
      if (told == null && lookedUp != null) {
        told = lookedUp(telling, lookedUp);
      }
      if (told != null && isNew(telling.orderId(), told)) {
        all.add(told);
      }
    }
    return all;
  }

  private void remember(Batch batch, LookedUp lookedUp) {
    reshape(lookedUp.layout());
    for (String id : batch.missing()) {
      WholeOrder order = lookedUp.orders().get(id);
      // What the log told of it afterwards, in this batch, is newer.
      if (order != null && known.get(id) == null) {
        known.put(
            id,
            new KnownOrder(order.values(), order.items(), lookedUp.snapshot(), KnownOrder.NONE));
      }
    }
  }

  /** Null where a later change is shown that has to be told in its turn: see above. */
  private @Nullable Told lookedUp(Telling telling, LookedUp lookedUp) {
    WholeOrder order = lookedUp.orders().get(telling.orderId());
    if (order == null) {
      return null;
    }
    long version = versions.of(telling.transaction(), order.values());
    if (telling.version() != KnownOrder.NONE && telling.version() < version) {
      return null;
    }
    return new Told(
        telling.transaction(),
        telling.place(),
        layout,
        order.id(),
        version,
        Kind.CHANGE,
        order.values(),
        itemOrder.sorted(order.items()));
  }

  private Told told(DatabaseTransaction transaction, int place, String id, KnownOrder order) {
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

  /** Whether this version has not been told before. */
  private boolean isNew(String id, Told told) {
    KnownOrder order = known.get(id);
    if (order == null || !versions.kept() || told.kind() == Kind.DELETE) {
      return true;
    }
    if (told.version() <= order.told()) {
      return false;
    }
    known.put(id, order.toldAs(told.version()));
    return true;
  }
}
