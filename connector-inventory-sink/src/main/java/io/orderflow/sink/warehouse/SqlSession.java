package io.orderflow.sink.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A transaction's connection, with a comment that ends each statement.
 *
 * @param comment shown with the statements in PostgreSQL's log; empty for a batch that is not
 *     traced, since the server plans every statement with a new text again
 */
record SqlSession(Connection connection, String comment) {

  PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql + comment);
  }

  CopyIn copyIn(String sql) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql + comment);
  }
}
