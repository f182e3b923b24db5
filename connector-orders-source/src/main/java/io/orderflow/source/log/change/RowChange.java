package io.orderflow.source.log.change;

import io.orderflow.source.log.pgoutput.LogMessage.OldRow;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.Tuple;
import org.jspecify.annotations.Nullable;

/** A change of one row that belongs to an order. */
sealed interface RowChange {

  /** Describes the row's columns. */
  Relation relation();

  /** Applies the change to an order; false if it does not fit its state. */
  boolean applyTo(OrderState order);

  /** The row that the change wrote to the orders table; null if it wrote none. */
  default @Nullable Tuple writtenOrder() {
    return null;
  }

  /** The row that the change deleted from the orders table, or its key; null if it deleted none. */
  default @Nullable OldRow deletedOrder() {
    return null;
  }

  /** An insert into the orders table. */
  record OrderInserted(Relation relation, Tuple row) implements RowChange {
    @Override
    public boolean applyTo(OrderState order) {
      return order.insertOrder(relation, row);
    }

    @Override
    public Tuple writtenOrder() {
      return row;
    }
  }

  /** An update of the orders table. */
  record OrderUpdated(Relation relation, Tuple row) implements RowChange {
    @Override
    public boolean applyTo(OrderState order) {
      return order.updateOrder(relation, row);
    }

    @Override
    public Tuple writtenOrder() {
      return row;
    }
  }

  /** A delete from the orders table, or an update that gave the row another order ID. */
  record OrderDeleted(Relation relation, OldRow old) implements RowChange {
    @Override
    public boolean applyTo(OrderState order) {
      return order.deleteOrder();
    }

    @Override
    public OldRow deletedOrder() {
      return old;
    }
  }

  /** An item that was inserted, or moved here from another order. */
  record ItemInserted(Relation relation, Tuple row) implements RowChange {
    @Override
    public boolean applyTo(OrderState order) {
      return order.insertItem(relation, row);
    }
  }

  /**
   * An update of an item.
   *
   * @param old null if the replica identity is a key that did not change
   */
  record ItemUpdated(Relation relation, @Nullable OldRow old, Tuple row) implements RowChange {
    @Override
    public boolean applyTo(OrderState order) {
      return order.updateItem(relation, old, row);
    }
  }

  /** An item that was deleted, or moved to another order. */
  record ItemDeleted(Relation relation, OldRow old) implements RowChange {
    @Override
    public boolean applyTo(OrderState order) {
      return order.deleteItem(relation, old);
    }
  }
}
