package io.orderflow.source.read;

import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.TableSchema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one table. */
public final class RowReader {

  private final List<Column> columns;
  private final ValueReader[] readers;
  private final int offset;

  /**
   * A reader for rows that list a table's columns after some others.
   *
   * @param before how many columns stand before the table's
   */
  public RowReader(TableSchema table, int before) {
    columns = table.columns();
    readers = columns.stream().map(c -> ValueReader.of(c.type())).toArray(ValueReader[]::new);
    offset = before + 1;
  }

  /** The row's values, in the columns' order. */
  public List<@Nullable Object> read(ResultSet rows) throws SQLException {
    @Nullable Object[] values = new @Nullable Object[readers.length];
    for (int i = 0; i < readers.length; i++) {
      try {
        values[i] = readers[i].read(rows, offset + i);
      } catch (UnreadableValueException e) {
        throw new UnreadableValueException(
            columns.get(i).name() + ": " + e.getMessage(), e.getCause());
      }
    }
    return Arrays.asList(values);
  }
}
