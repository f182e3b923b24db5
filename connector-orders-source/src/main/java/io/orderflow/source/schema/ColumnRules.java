package io.orderflow.source.schema;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules for columns that events leave out, hash, rename, or carry as a header.
 *
 * @param key of the hashes; null if no column is hashed
 * @param traceparent column of the orders table with the trace context, which is a header of the
 *     event and not a field; null if there is none
 * @param names how events adjust names
 */
public record ColumnRules(
    TableRules orders,
    TableRules items,
    @Nullable HashKey key,
    @Nullable String traceparent,
    Names names) {

  /** Events contain all columns unchanged. */
  public static final ColumnRules NONE =
      new ColumnRules(TableRules.NONE, TableRules.NONE, null, null, Names.UNCHANGED);

  /**
   * How events adjust names.
   *
   * @param schemas the names of tables, as names of schemas
   * @param fields the names of columns, as names of fields
   */
  public record Names(NameAdjustment schemas, NameAdjustment fields) {

    /** Names stay as they are. */
    public static final Names UNCHANGED = new Names(NameAdjustment.NONE, NameAdjustment.NONE);
  }

  /**
   * Columns of one table that events leave out, hash or rename.
   *
   * @param excluded names of columns that are not read
   * @param hashed names of columns that events carry as a keyed hash
   * @param renamed names of columns that events carry under another name, with that name
   */
  public record TableRules(Set<String> excluded, Set<String> hashed, Map<String, String> renamed) {

    /** Events contain all columns unchanged. */
    public static final TableRules NONE = new TableRules(Set.of(), Set.of(), Map.of());

    public TableRules {
      excluded = Set.copyOf(excluded);
      hashed = Set.copyOf(hashed);
      renamed = Map.copyOf(renamed);
    }
  }
}
