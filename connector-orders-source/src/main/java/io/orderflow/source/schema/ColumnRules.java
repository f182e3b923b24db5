package io.orderflow.source.schema;

import org.jspecify.annotations.Nullable;

/**
 * Which columns an event does not tell as they are.
 *
 * @param key with which values are hashed; null where none are
 * @param traceparent column of the orders table with the trace context, which is a header of the
 *     event and no field; null where there is none
 */
public record ColumnRules(
    TableRules orders, TableRules items, @Nullable HashKey key, @Nullable String traceparent) {

  /** Every column is told as it is. */
  public static final ColumnRules NONE =
      new ColumnRules(TableRules.NONE, TableRules.NONE, null, null);
}
