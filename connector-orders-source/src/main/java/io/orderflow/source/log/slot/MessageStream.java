package io.orderflow.source.log.slot;

import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a slot. One thread reads and keeps the stream alive; any thread may acknowledge,
 * read positions and close.
 */
public interface MessageStream extends AutoCloseable {

  /**
   * Reads the next message of pgoutput; waits for it for up to a second.
   *
   * @return null if there was none; {@link #received} may have advanced nevertheless
   * @throws SQLException of a state that begins with 08 if the connection is lost or closed
   */
  @Nullable ByteBuffer read() throws SQLException;

  /**
   * How far the stream has been read: {@link #read} has returned all transactions that committed
   * before this position. It also advances while the captured tables do not change.
   */
  Lsn received();

  /**
   * Acknowledges a position, so that the server may remove the log before it. The next status,
   * within about a second, contains it.
   */
  void acknowledge(Lsn lsn);

  /**
   * Shows the server that the reader is alive although it does not read. Sends a status once a
   * second; must be called more often than that while the reader is blocked.
   */
  void keepAlive() throws SQLException;

  /** Closes the connection, which also ends a read on another thread. */
  @Override
  void close();
}
