package io.orderflow.source.schema;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules for columns that events leave out, hash, or carry as a header.
 *
 * @param key of the hashes; null if no column is hashed
 * @param traceparent column of the orders table with the trace context, which is a header of the
 *     event and not a field; null if there is none
 */
public record ColumnRules(
    TableRules orders, TableRules items, @Nullable HashKey key, @Nullable String traceparent) {

  /** Events contain all columns unchanged. */
  public static final ColumnRules NONE =
      new ColumnRules(TableRules.NONE, TableRules.NONE, null, null);

  /**
   * Columns of one table that events leave out or hash.
   *
   * @param excluded names of columns that are not read
   * @param hashed names of columns that events carry as a keyed hash
   */
  public record TableRules(Set<String> excluded, Set<String> hashed) {

    /** Events contain all columns unchanged. */
    public static final TableRules NONE = new TableRules(Set.of(), Set.of());

    public TableRules {
      excluded = Set.copyOf(excluded);
      hashed = Set.copyOf(hashed);
    }
  }
}
