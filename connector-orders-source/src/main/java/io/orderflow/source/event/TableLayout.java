package io.orderflow.source.event;

import java.util.List;
import java.util.OptionalInt;

/**
 * A table's columns in the order of {@code SELECT *}.
 *
 * @param generation grows with each column that is added or dropped
 */
public record TableLayout(List<Column> columns, int generation) {

  public TableLayout {
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
}
