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
 * Looks now and then whether the stream still tells everything: somebody may change the publication
 * or take the slot away, and the stream itself would not say so.
 */
final class SlotMonitor {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Database database;
  private final Publication publication;
  private final String slot;
  private final int pid;
  private final Publication.State published;

  private long last = System.nanoTime();
  private volatile long heldBack = -1;

  /**
   * Watches a stream.
   *
   * @param pid the server's process that sends it
   * @param published what the publication was when the stream began
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
   * Looks when it is time to. Throws what makes a new start necessary, which says what is wrong.
   */
  void look() throws SQLException {
    if (System.nanoTime() - last < INTERVAL.toNanos()) {
      return;
    }
    last = System.nanoTime();
    database.transaction(this::look);
  }

  private boolean look(Connection connection) throws SQLException {
    if (!publication.state(connection).equals(published)) {
      throw new SQLTransientException("the publication was changed, or a replica identity");
    }
    Optional<ReplicationSlot> found = ReplicationSlot.find(connection, slot);
    if (found.isEmpty() || !Integer.valueOf(pid).equals(found.get().activePid())) {
      throw new SQLTransientException("the slot is read by this stream no more");
    }
    Long bytes = found.get().heldBack();
    heldBack = bytes == null ? 0 : bytes;
    return true;
  }

  /** How many bytes of log the server keeps for the slot, at the last look; -1 before the first. */
  long heldBack() {
    return heldBack;
  }
}
