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

  /** The mappings of earlier relations, since rows of several partitions alternate. */
  private final IdentityHashMap<Relation, Mapping> mapped = new IdentityHashMap<>();

  private @Nullable Relation last;
  private @Nullable Mapping ofLast;

  /**
   * How the columns of the schema are found in a relation.
   *
   * @param indexes for each column of the schema its index in the relation, or -1
   * @param all all columns of the schema; empty if the relation lacks one
   * @param identity the columns of the schema that belong to the relation's replica identity
   * @param identified whether the values of these columns identify a row
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, and read for each row.
  private record Mapping(int[] indexes, int[] all, int[] identity, boolean identified) {}

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
    int[] indexes = mapping(described).indexes();
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
    Mapping mapping = mapping(described);
    @Nullable Object[] values =
        mapping.identified() ? valuesOf(mapping.identity(), mapping, key) : null;
    if (values == null) {
      return -1;
    }
    int index = indexOf(mapping.identity(), values, rows, 0);
    boolean isUnique = index < 0 || indexOf(mapping.identity(), values, rows, index + 1) < 0;
    // An index of one partition does not exclude the same values in another.
    return isUnique ? index : -1;
  }

  /**
   * The index of the first row that equals a complete old row; -1 if there is none. Rows that
   * events do not distinguish are interchangeable: whichever of them changes, the same rows are
   * left.
   */
  int indexOfRow(Relation described, Tuple old, List<List<@Nullable Object>> rows) {
    Mapping mapping = mapping(described);
    @Nullable Object[] values =
        mapping.all().length == 0 ? null : valuesOf(mapping.all(), mapping, old);
    return values == null ? -1 : indexOf(mapping.all(), values, rows, 0);
  }

  /** The values of some columns; null if the log does not contain one, or it cannot be read. */
  private @Nullable Object @Nullable [] valuesOf(int[] columns, Mapping mapping, Tuple row) {
    @Nullable Object[] values = new @Nullable Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      int index = mapping.indexes()[columns[i]];
      Tuple.State state = row.state(index);
      values[i] = state == Tuple.State.TEXT ? readOrNull(columns[i], row.text(index)) : null;
      if (values[i] == null && state != Tuple.State.NULL) {
        return null;
      }
    }
    return values;
  }

  /** The index of the first row from an index on that has these values; -1 if there is none. */
  private static int indexOf(
      int[] columns, @Nullable Object[] values, List<List<@Nullable Object>> rows, int from) {
    for (int row = from; row < rows.size(); row++) {
      if (hasValues(columns, values, rows.get(row))) {
        return row;
      }
    }
    return -1;
  }

  private static boolean hasValues(
      int[] columns, @Nullable Object[] values, List<@Nullable Object> row) {
    for (int i = 0; i < columns.length; i++) {
      if (!Objects.deepEquals(values[i], row.get(columns[i]))) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Object readOrNull(int column, String text) {
    try {
      return readers[column].read(text);
    } catch (UnreadableValueException e) {
      return null;
    }
  }

  @SuppressWarnings("ReferenceEquality") // A stream describes each relation by one object.
  private Mapping mapping(Relation described) {
    Mapping known = ofLast;
    if (known != null && described == last) {
      return known;
    }
    if (mapped.size() >= MAX_MAPPED) {
      mapped.clear();
    }
    Mapping mapping = mapped.computeIfAbsent(described, this::mappingOf);
    last = described;
    ofLast = mapping;
    return mapping;
  }

  private Mapping mappingOf(Relation described) {
    List<String> names = described.columns().stream().map(RelationColumn::name).toList();
    int[] found = table.columns().stream().map(Column::name).mapToInt(names::indexOf).toArray();
    int[] key =
        IntStream.range(0, found.length)
            .filter(i -> found[i] >= 0 && described.columns().get(found[i]).key())
            .toArray();
    long keys = described.columns().stream().filter(RelationColumn::key).count();
    boolean hasAll = IntStream.of(found).allMatch(index -> index >= 0);
    return new Mapping(
        found,
        hasAll ? IntStream.range(0, found.length).toArray() : new int[0],
        key,
        keys > 0
            && key.length == keys
            && IntStream.of(key).allMatch(i -> table.columns().get(i).type().isExact()));
  }
}
