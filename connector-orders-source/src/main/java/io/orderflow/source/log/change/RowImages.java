package io.orderflow.source.log.change;

import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.RelationColumn;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.read.TextReader;
import io.orderflow.source.read.UnreadableValueException;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.TableSchema;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of the log as the table's layout has them now. A row that was logged when the table
 * had other columns may not be readable so. For one thread.
 */
final class RowImages {

  private final TableSchema table;
  private final TextReader[] readers;

  private @Nullable Relation relation;

  /** For each column of the layout its place in the relation, or -1. */
  private int[] places = {};

  RowImages(TableSchema table) {
    this.table = table;
    this.readers =
        table.columns().stream().map(c -> TextReader.of(c.type())).toArray(TextReader[]::new);
  }

  /**
   * The row's values, in the layout's order; null where it does not tell all of them.
   *
   * @param before the values that the row had, for those that were not logged as they stayed; null
   *     where they are not known
   */
  @Nullable List<@Nullable Object> read(
      Relation of, Tuple row, @Nullable List<@Nullable Object> before) {
    learn(of);
    @Nullable Object[] values = new @Nullable Object[readers.length];
    for (int i = 0; i < readers.length; i++) {
      if (places[i] < 0) {
        return null;
      }
      switch (row.state(places[i])) {
        case NULL -> values[i] = null;
        case TEXT -> {
          try {
            values[i] = readers[i].read(row.text(places[i]));
          } catch (UnreadableValueException e) {
            // Perhaps of the type that the column had before; else the look-up says what is wrong.
            return null;
          }
        }
        case UNCHANGED -> {
          if (before == null) {
            return null;
          }
          values[i] = before.get(i);
        }
        case BINARY -> throw new IllegalStateException("Values were asked for as text");
      }
    }
    return Arrays.asList(values);
  }

  /** One value of the row; null where it is null or the row does not tell it. */
  @Nullable Object read(Relation of, Tuple row, int column) {
    learn(of);
    int place = places[column];
    return place >= 0 && row.state(place) == Tuple.State.TEXT
        ? readable(column, row.text(place))
        : null;
  }

  /**
   * Where a row with this key stands among others; -1 where it is not there or cannot be told.
   *
   * @param key a row of which at least the columns of the key are told
   */
  int find(Relation of, Tuple key, List<List<@Nullable Object>> rows) {
    learn(of);
    for (int row = 0; row < rows.size(); row++) {
      if (hasKey(of, key, rows.get(row))) {
        return row;
      }
    }
    return -1;
  }

  private boolean hasKey(Relation of, Tuple key, List<@Nullable Object> row) {
    boolean compared = false;
    for (int i = 0; i < places.length; i++) {
      int place = places[i];
      if (place < 0 || !of.columns().get(place).key()) {
        continue;
      }
      compared = true;
      if (!hasValue(key, place, i, row.get(i))) {
        return false;
      }
    }
    return compared;
  }

  private boolean hasValue(Tuple key, int place, int column, @Nullable Object value) {
    return switch (key.state(place)) {
      case NULL -> value == null;
      case TEXT -> value != null && value.equals(readable(column, key.text(place)));
      // Stayed as it was, whatever it was: other columns have to tell the row.
      case UNCHANGED -> true;
      case BINARY -> false;
    };
  }

  private @Nullable Object readable(int column, String text) {
    try {
      return readers[column].read(text);
    } catch (UnreadableValueException e) {
      return null;
    }
  }

  @SuppressWarnings("ReferenceEquality") // A stream tells each relation as one object.
  private void learn(Relation of) {
    if (of == relation) {
      return;
    }
    List<String> names = of.columns().stream().map(RelationColumn::name).toList();
    places = table.columns().stream().map(Column::name).mapToInt(names::indexOf).toArray();
    relation = of;
  }
}
