package io.orderflow.benchmarks.source.program;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** The rows of a COPY in text format, of values without tabs, backslashes and nulls. */
final class CopyRows {

  private final CopyOut copy;
  private final int columns;

  CopyRows(Connection connection, String query, int columns) throws SQLException {
    this.copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + query + ") TO STDOUT");
    this.columns = columns;
  }

  /** The next row's columns, null after the last. */
  byte @Nullable [][] next() throws SQLException {
    byte[] line = copy.readFromCopy();
    return line == null ? null : split(line, columns);
  }

  /**
   * Splits a line at its tabs.
   *
   * @param line with its line feed
   */
  static byte[][] split(byte[] line, int columns) {
    byte[][] row = new byte[columns][];
    int start = 0;
    for (int column = 0; column < columns; column++) {
      int end = start;
      while (line[end] != '\t' && line[end] != '\n') {
        end++;
      }
      row[column] = Arrays.copyOfRange(line, start, end);
      start = end + 1;
    }
    return row;
  }
}
