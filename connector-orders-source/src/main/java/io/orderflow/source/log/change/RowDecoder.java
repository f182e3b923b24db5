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
import java.util.Objects;
import java.util.stream.IntStream;
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

  /** The columns of the schema that belong to the relation's replica identity. */
  private int[] identity = {};

  /** Whether the values of these columns identify a row. */
  private boolean identified;

  /** The mappings of earlier relations, since rows of several partitions alternate. */
  private final IdentityHashMap<Relation, Mapping> mapped = new IdentityHashMap<>();

  /** How the columns of the schema are found in a relation, see the fields. */
  private static final class Mapping {
    private final int[] indexes;
    private final int[] identity;
    private final boolean identified;

    private Mapping(int[] indexes, int[] identity, boolean identified) {
      this.indexes = indexes;
      this.identity = identity;
      this.identified = identified;
    }
  }

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
   * The index of a row that the log identifies by the columns of the replica identity; -1 if no row
   * has their values, or if the values do not identify a row, since events leave out a column of
   * the identity or round its values.
   *
   * @param key contains at least the columns of the replica identity
   */
  int indexOfKey(Relation described, Tuple key, List<List<@Nullable Object>> rows) {
    map(described);
    if (!identified) {
      return -1;
    }
    int index = indexOf(identity, key, rows);
    boolean isUnique =
        index < 0 || indexOf(identity, key, rows.subList(index + 1, rows.size())) < 0;
    // An index of one partition does not exclude the same values in another.
    return isUnique ? index : -1;
  }

  /**
   * The index of the first row that equals a complete old row; -1 if there is none. Rows that
   * events do not distinguish are interchangeable: whichever of them changes, the same rows are
   * left.
   */
  int indexOfRow(Relation described, Tuple old, List<List<@Nullable Object>> rows) {
    map(described);
    int[] all = IntStream.range(0, indexes.length).toArray();
    return IntStream.of(indexes).allMatch(index -> index >= 0) ? indexOf(all, old, rows) : -1;
  }

  private int indexOf(int[] columns, Tuple key, List<List<@Nullable Object>> rows) {
    for (int row = 0; row < rows.size(); row++) {
      if (hasValues(columns, key, rows.get(row))) {
        return row;
      }
    }
    return -1;
  }

  private boolean hasValues(int[] columns, Tuple key, List<@Nullable Object> row) {
    for (int column : columns) {
      if (!hasValue(key, column, row.get(column))) {
        return false;
      }
    }
    return true;
  }

  private boolean hasValue(Tuple key, int column, @Nullable Object value) {
    int index = indexes[column];
    return switch (key.state(index)) {
      case NULL -> value == null;
      case TEXT -> value != null && Objects.deepEquals(value, readOrNull(column, key.text(index)));
      // The value is unknown, so that it does not identify the row.
      case UNCHANGED -> false;
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
    Mapping mapping = mapped.computeIfAbsent(described, this::mappingOf);
    indexes = mapping.indexes;
    identity = mapping.identity;
    identified = mapping.identified;
    relation = described;
  }

  private Mapping mappingOf(Relation described) {
    List<String> names = described.columns().stream().map(RelationColumn::name).toList();
    int[] found = table.columns().stream().map(Column::name).mapToInt(names::indexOf).toArray();
    int[] key =
        IntStream.range(0, found.length)
            .filter(i -> found[i] >= 0 && described.columns().get(found[i]).key())
            .toArray();
    long keys = described.columns().stream().filter(RelationColumn::key).count();
    return new Mapping(
        found,
        key,
        keys > 0
            && key.length == keys
            && IntStream.of(key).allMatch(i -> table.columns().get(i).type().isExact()));
  }
}
