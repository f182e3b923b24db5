package io.orderflow.source.schema;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The columns of a table that are read, in the table's order.
 *
 * @param generation grows with each change of a column
 */
public record TableSchema(List<Column> columns, int generation) {

  public TableSchema {
    columns = List.copyOf(columns);
  }

  /** Where a column stands, counted from 0. */
  public OptionalInt indexOf(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** The layout without some columns. */
  public TableSchema without(Set<String> names) {
    return new TableSchema(
        columns.stream().filter(column -> !names.contains(column.name())).toList(), generation);
  }
}
