package io.orderflow.source.read;

import io.orderflow.source.event.CompositeId;
import io.orderflow.source.event.OrderKey;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.value.UnreadableValueException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one table, each of which belongs to an order. */
final class RowReader {

  private final List<Column> columns;
  private final ValueReader[] readers;
  private final int[] idIndexes;
  private final String rowName;

  /**
   * Creates a reader for the columns of a schema.
   *
   * @param idColumns the columns with the order ID
   * @param rowName names a row in messages, before its order ID
   */
  RowReader(TableSchema table, List<String> idColumns, String rowName) {
    columns = table.columns();
    readers =
        columns.stream().map(column -> ValueReader.of(column.type())).toArray(ValueReader[]::new);
    idIndexes = idColumns.stream().mapToInt(name -> table.indexOf(name).orElseThrow()).toArray();
    this.rowName = rowName;
  }

  /**
   * The row's values, in the order of the schema's columns.
   *
   * @param before the number of columns before the table's
   * @throws UnreadableValueException which names the order and the column
   */
  List<@Nullable Object> read(ResultSet row, int before) throws SQLException {
    @Nullable Object[] values = new @Nullable Object[readers.length];
    for (int i = 0; i < readers.length; i++) {
      try {
        values[i] = readers[i].read(row, before + i + 1);
      } catch (UnreadableValueException e) {
        throw new UnreadableValueException(
            "%s %s, column %s: %s"
                .formatted(rowName, idText(row, before), columns.get(i).name(), e.getMessage()),
            e.getCause());
      }
    }
    return Arrays.asList(values);
  }

  /** The order ID among a row's values; null only in an item that belongs to no order. */
  @Nullable Object idOf(List<@Nullable Object> values) {
    if (idIndexes.length == 1) {
      return values.get(idIndexes[0]);
    }
    List<Object> parts = new ArrayList<>(idIndexes.length);
    for (int index : idIndexes) {
      Object part = values.get(index);
      if (part == null) {
        return null;
      }
      parts.add(OrderKey.idOf(part));
    }
    return new CompositeId(parts);
  }

  /** The order ID as text, see {@link OrderIdText}. */
  String idText(ResultSet row, int before) throws SQLException {
    if (idIndexes.length == 1) {
      return String.valueOf(row.getString(before + idIndexes[0] + 1));
    }
    List<String> parts = new ArrayList<>(idIndexes.length);
    for (int index : idIndexes) {
      parts.add(String.valueOf(row.getString(before + index + 1)));
    }
    return OrderIdText.join(parts);
  }
}
