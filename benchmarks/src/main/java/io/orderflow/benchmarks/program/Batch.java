package io.orderflow.benchmarks.program;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** Records that one transaction writes. Used by one thread, for one batch after the other. */
interface Batch {
  /** Run once on each connection. */
  String prepareSql();

  void add(byte[] value) throws IOException;

  /** Writes what was added and forgets it; the caller commits. */
  void write(Connection connection) throws SQLException;
}
