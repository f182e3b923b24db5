package io.orderflow.source.log.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection that one thread uses, for other threads that cancel its current statement. */
final class BusyConnection {

  private static final Logger log = LoggerFactory.getLogger(BusyConnection.class);

  private volatile @Nullable PGConnection connection;

  /** To be called by the thread that uses the connection, which is never unwrapped by another. */
  void set(Connection used) throws SQLException {
    // A pooled connection that its user closes while another thread unwraps it may return an object
    // of another type, since the pool exchanges what is wrapped.
    connection = used.unwrap(PGConnection.class);
  }

  void clear() {
    connection = null;
  }

  /** Cancels the current statement, if there is one. */
  void cancel() {
    PGConnection busy = connection;
    if (busy != null) {
      try {
        busy.cancelQuery();
      } catch (SQLException e) {
        log.debug("Failed to cancel a statement", e);
      }
    }
  }
}
