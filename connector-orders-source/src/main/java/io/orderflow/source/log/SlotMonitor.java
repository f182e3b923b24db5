package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationSlot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Optional;

/**
 * Checks every 10 seconds that the stream still contains every change: other clients may alter the
 * publication or read the slot, and the stream itself would not show it.
 */
final class SlotMonitor {

  /** The retained WAL before the first check. */
  static final long UNKNOWN = -1;

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Database database;
  private final Publication publication;
  private final String slot;
  private final int pid;
  private final Publication.State published;

  private long lastCheck = System.nanoTime();
  private volatile long retainedWalBytes = UNKNOWN;

  /**
   * Monitors a stream.
   *
   * @param pid the server process that sends the stream
   * @param published the state of the publication when the stream began
   */
  SlotMonitor(
      Database database,
      Publication publication,
      String slot,
      int pid,
      Publication.State published) {
    this.database = database;
    this.publication = publication;
    this.slot = slot;
    this.pid = pid;
    this.published = published;
  }

  /**
   * Checks if the last check was long enough ago.
   *
   * @throws SQLTransientException if the session must be reopened, which then reports the problem
   */
  void check() throws SQLException {
    if (System.nanoTime() - lastCheck < INTERVAL.toNanos()) {
      return;
    }
    lastCheck = System.nanoTime();
    retainedWalBytes = database.transaction(this::check);
  }

  private long check(Connection connection) throws SQLException {
    if (!publication.readState(connection).equals(published)) {
      throw new SQLTransientException(
          "the publication, a replica identity or the partitions were changed");
    }
    Optional<ReplicationSlot> found = ReplicationSlot.find(connection, slot);
    if (found.isEmpty() || !Integer.valueOf(pid).equals(found.get().activePid())) {
      throw new SQLTransientException("the slot is no longer held by this connection");
    }
    Long bytes = found.get().retainedBytes();
    return bytes == null ? 0 : bytes;
  }

  /** Bytes of log that the server keeps for the slot, at the last check; or {@link #UNKNOWN}. */
  long retainedWalBytes() {
    return retainedWalBytes;
  }
}
