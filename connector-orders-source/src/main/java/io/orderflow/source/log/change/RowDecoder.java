package io.orderflow.source.log.change;

import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.LogMessage.RelationColumn;
import io.orderflow.source.log.pgoutput.Tuple;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.value.TextReader;
import io.orderflow.source.value.UnreadableValueException;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes rows of the log into the values of a table's current schema. A row that was logged under
 * another schema may not be decodable. For one thread.
 */
final class RowDecoder {

  private static final int MAX_MAPPED = 1_000;

  private final TableSchema table;
  private final TextReader[] readers;

  private @Nullable Relation relation;

  /** For each column of the schema its index in the relation, or -1. */
  private int[] indexes = {};

  /** The indexes of earlier relations, since rows of several partitions alternate. */
  private final IdentityHashMap<Relation, int[]> mapped = new IdentityHashMap<>();

  RowDecoder(TableSchema table) {
    this.table = table;
    this.readers =
        table.columns().stream()
            .map(column -> TextReader.of(column.type()))
            .toArray(TextReader[]::new);
  }

  /**
   * The row's values, in the order of the schema's columns; null if the row does not contain all of
   * them.
   *
   * @param before the row's values before the change, for those that were not logged since they did
   *     not change; null if they are unknown
   */
  @Nullable List<@Nullable Object> decode(
      Relation described, Tuple row, @Nullable List<@Nullable Object> before) {
    map(described);
    @Nullable Object[] values = new @Nullable Object[readers.length];
    for (int i = 0; i < readers.length; i++) {
      if (indexes[i] < 0) {
        return null;
      }
      switch (row.state(indexes[i])) {
        case NULL -> values[i] = null;
        case TEXT -> {
          Object value = readOrNull(i, row.text(indexes[i]));
          if (value == null) {
            // Possibly of the column's former type; otherwise the look-up reports the value.
            return null;
          }
          values[i] = value;
        }
        case UNCHANGED -> {
          if (before == null) {
            return null;
          }
          values[i] = before.get(i);
        }
      }
    }
    return Arrays.asList(values);
  }

  /**
   * The index of the first row with a key; -1 if no row has it.
   *
   * @param key a row that contains at least the columns of the replica identity
   */
  int indexOf(Relation described, Tuple key, List<List<@Nullable Object>> rows) {
    map(described);
    for (int row = 0; row < rows.size(); row++) {
      if (hasKey(described, key, rows.get(row))) {
        return row;
      }
    }
    return -1;
  }

  private boolean hasKey(Relation described, Tuple key, List<@Nullable Object> row) {
    boolean compared = false;
    for (int i = 0; i < indexes.length; i++) {
      int index = indexes[i];
      if (index < 0 || !described.columns().get(index).key()) {
        continue;
      }
      compared = true;
      if (!hasValue(key, index, i, row.get(i))) {
        return false;
      }
    }
    return compared;
  }

  private boolean hasValue(Tuple key, int index, int column, @Nullable Object value) {
    return switch (key.state(index)) {
      case NULL -> value == null;
      case TEXT -> value != null && value.equals(readOrNull(column, key.text(index)));
      // The value is unknown: the other columns have to identify the row.
      case UNCHANGED -> true;
    };
  }

  private @Nullable Object readOrNull(int column, String text) {
    try {
      return readers[column].read(text);
    } catch (UnreadableValueException e) {
      return null;
    }
  }

  @SuppressWarnings("ReferenceEquality") // A stream describes each relation by one object.
  private void map(Relation described) {
    if (described == relation) {
      return;
    }
    if (mapped.size() >= MAX_MAPPED) {
      mapped.clear();
    }
    indexes = mapped.computeIfAbsent(described, this::indexesOf);
    relation = described;
  }

  private int[] indexesOf(Relation described) {
    List<String> names = described.columns().stream().map(RelationColumn::name).toList();
    return table.columns().stream().map(Column::name).mapToInt(names::indexOf).toArray();
  }
}
