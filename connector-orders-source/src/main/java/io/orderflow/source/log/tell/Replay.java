package io.orderflow.source.log.tell;

import io.orderflow.source.event.Layout;
import io.orderflow.source.event.TableLayout;
import io.orderflow.source.log.assembly.OrderChange;
import io.orderflow.source.log.assembly.Step;
import io.orderflow.source.log.protocol.OldRow;
import io.orderflow.source.log.protocol.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the steps of a change on an order that is known, for one layout of the tables. */
final class Replay {

  private final RowImages orders;
  private final @Nullable RowImages items;
  private final boolean newOrdersHaveNoItems;

  Replay(Layout layout) {
    orders = new RowImages(layout.orders());
    TableLayout ofItems = layout.items();
    items = ofItems == null ? null : new RowImages(ofItems);
    newOrdersHaveNoItems = ofItems == null || layout.itemsReferToOrders();
  }

  /** One value of a row of the orders table; null where the row does not tell it. */
  @Nullable Object order(Step step, Tuple row, int column) {
    return orders.read(step.relation(), row, column);
  }

  /**
   * What the order is after the change; null where that cannot be told from what is known.
   *
   * @param before null where nothing is known of the order
   */
  @Nullable KnownOrder after(OrderChange change, @Nullable KnownOrder before) {
    if (!change.complete() || !isKnown(change, before)) {
      return null;
    }
    Making making = new Making(before);
    for (Step step : change.steps()) {
      if (!making.make(step)) {
        return null;
      }
    }
    return new KnownOrder(
        making.values,
        making.rows,
        before == null ? null : before.shows(),
        before == null ? KnownOrder.NONE : before.told());
  }

  /** An order is also known when the change begins with its placing, and items cannot be older. */
  private boolean isKnown(OrderChange change, @Nullable KnownOrder before) {
    return before != null
        || (newOrdersHaveNoItems
            && !change.steps().isEmpty()
            && change.steps().stream().anyMatch(Step.OrderPlaced.class::isInstance)
            && change.steps().stream().noneMatch(Step.OrderDeleted.class::isInstance));
  }

  /** An order while steps are made on it. */
  private final class Making {

    private @Nullable List<@Nullable Object> values;
    private final List<List<@Nullable Object>> rows;

    Making(@Nullable KnownOrder before) {
      values = before == null ? null : before.values();
      rows = before == null ? new ArrayList<>(4) : before.itemsToChange();
    }

    /** False where the step does not fit to what is known. */
    boolean make(Step step) {
      if (step instanceof Step.OrderPlaced placed) {
        boolean fresh = values == null;
        values = orders.read(step.relation(), placed.row(), null);
        return fresh && values != null;
      }
      if (step instanceof Step.OrderChanged changed) {
        boolean there = values != null;
        values = orders.read(step.relation(), changed.row(), values);
        return there && values != null;
      }
      if (step instanceof Step.OrderDeleted) {
        boolean there = values != null;
        values = null;
        return there;
      }
      return items != null && makeItem(step, items);
    }

    private boolean makeItem(Step step, RowImages images) {
      if (step instanceof Step.ItemAdded added) {
        List<@Nullable Object> row = images.read(step.relation(), added.row(), null);
        return row != null && rows.add(row);
      }
      if (step instanceof Step.ItemChanged changed) {
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
      if (step instanceof Step.ItemRemoved removed) {
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
