package io.orderflow.source.schema;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The captured columns of a table, in the table's order.
 *
 * @param schemaVersion increases with each change of a column
 */
public record TableSchema(List<Column> columns, int schemaVersion) {

  public TableSchema {
    columns = List.copyOf(columns);
  }

  /** The index of a column, counted from 0; empty if the table has no column of that name. */
  public OptionalInt indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** The schema without some columns. */
  public TableSchema without(Set<String> names) {
    return new TableSchema(
        columns.stream().filter(column -> !names.contains(column.name())).toList(), schemaVersion);
  }
}
