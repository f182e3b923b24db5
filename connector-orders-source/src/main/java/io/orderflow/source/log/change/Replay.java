package io.orderflow.source.log.change;

import io.orderflow.source.log.pgoutput.OldRow;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the steps of a change on an order that is known, for one layout of the tables. */
final class Replay {

  private final RowImages orders;
  private final @Nullable RowImages items;
  private final boolean newOrdersHaveNoItems;

  Replay(OrderSchema layout) {
    orders = new RowImages(layout.orders());
    TableSchema ofItems = layout.items();
    items = ofItems == null ? null : new RowImages(ofItems);
    newOrdersHaveNoItems = ofItems == null || layout.itemsReferToOrders();
  }

  /** One value of a row of the orders table; null where the row does not tell it. */
  @Nullable Object order(RowChange step, Tuple row, int column) {
    return orders.read(step.relation(), row, column);
  }

  /**
   * What the order is after the change; null where that cannot be told from what is known.
   *
   * @param before null where nothing is known of the order
   */
  @Nullable CachedOrder after(OrderChange change, @Nullable CachedOrder before) {
    if (!change.complete() || !isKnown(change, before)) {
      return null;
    }
    Making making = new Making(before);
    for (RowChange step : change.steps()) {
      if (!making.make(step)) {
        return null;
      }
    }
    return new CachedOrder(
        making.values,
        making.rows,
        before == null ? null : before.shows(),
        before == null ? CachedOrder.NONE : before.told());
  }

  /** An order is also known when the change begins with its placing, and items cannot be older. */
  private boolean isKnown(OrderChange change, @Nullable CachedOrder before) {
    return before != null
        || (newOrdersHaveNoItems
            && !change.steps().isEmpty()
            && change.steps().stream().anyMatch(RowChange.OrderPlaced.class::isInstance)
            && change.steps().stream().noneMatch(RowChange.OrderDeleted.class::isInstance));
  }

  /** An order while steps are made on it. */
  private final class Making {

    private @Nullable List<@Nullable Object> values;
    private final List<List<@Nullable Object>> rows;

    Making(@Nullable CachedOrder before) {
      values = before == null ? null : before.values();
      rows = before == null ? new ArrayList<>(4) : before.itemsToChange();
    }

    /** False where the step does not fit to what is known. */
    boolean make(RowChange step) {
      if (step instanceof RowChange.OrderPlaced placed) {
        boolean fresh = values == null;
        values = orders.read(step.relation(), placed.row(), null);
        return fresh && values != null;
      }
      if (step instanceof RowChange.OrderChanged changed) {
        boolean there = values != null;
        values = orders.read(step.relation(), changed.row(), values);
        return there && values != null;
      }
      if (step instanceof RowChange.OrderDeleted) {
        boolean there = values != null;
        values = null;
        return there;
      }
      return items != null && makeItem(step, items);
    }

    private boolean makeItem(RowChange step, RowImages images) {
      if (step instanceof RowChange.ItemAdded added) {
        List<@Nullable Object> row = images.read(step.relation(), added.row(), null);
        return row != null && rows.add(row);
      }
      if (step instanceof RowChange.ItemChanged changed) {
        OldRow old = changed.old();
        int place = images.find(step.relation(), old == null ? changed.row() : old.tuple(), rows);
        if (place < 0) {
          return false;
        }
        List<@Nullable Object> row = images.read(step.relation(), changed.row(), rows.get(place));
        if (row == null) {
          return false;
        }
        rows.set(place, row);
        return true;
      }
      if (step instanceof RowChange.ItemRemoved removed) {
        int place = images.find(step.relation(), removed.old().tuple(), rows);
        if (place < 0) {
          return false;
        }
        rows.remove(place);
        return true;
      }
      return false;
    }
  }
}
