package io.orderflow.sink.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A transaction's connection, with a comment that ends each statement.
 *
 * @param comment shown with the statements in PostgreSQL's log; empty for a batch that is not
 *     traced, since the server plans every statement with a new text again
 * @param writes receives what the transaction begins to write
 */
record SqlSession(Connection connection, String comment, Set<Write> writes) {

  /** Notes that the next statement writes. */
  void begin(Write write) {
    writes.add(write);
  }

  PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql + comment);
  }

  CopyIn copyIn(String sql) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql + comment);
  }
}
