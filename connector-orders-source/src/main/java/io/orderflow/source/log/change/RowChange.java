package io.orderflow.source.log.change;

import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.OldRow;
import io.orderflow.source.log.pgoutput.Tuple;
import org.jspecify.annotations.Nullable;

/** One change of a row that belongs to an order. The relation says what the row's columns are. */
public sealed interface RowChange {

  Relation relation();

  /** The order was placed. */
  record OrderPlaced(Relation relation, Tuple row) implements RowChange {}

  /** The order's row was changed. */
  record OrderChanged(Relation relation, Tuple row) implements RowChange {}

  /**
   * The order's row is gone.
   *
   * @param old the row, or its key alone
   */
  record OrderDeleted(Relation relation, OldRow old) implements RowChange {}

  /** An item was added. */
  record ItemAdded(Relation relation, Tuple row) implements RowChange {}

  /**
   * An item was changed.
   *
   * @param old null where its key stayed as it was
   */
  record ItemChanged(Relation relation, @Nullable OldRow old, Tuple row) implements RowChange {}

  /** An item was removed. */
  record ItemRemoved(Relation relation, OldRow old) implements RowChange {}
}
