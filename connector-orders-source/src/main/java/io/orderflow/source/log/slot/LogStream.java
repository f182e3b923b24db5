package io.orderflow.source.log.slot;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * The messages of a slot. One thread reads and keeps alive; any may confirm, ask how far it has
 * come, and close.
 *
 * <p>The server hears of it each second, so that it neither gives the connection up ({@code
 * wal_sender_timeout}) nor keeps log that is confirmed.
 */
public final class LogStream implements AutoCloseable {

  /** How often the server is told what is confirmed. */
  static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

  /** The driver waits up to 1 ms by itself for a message to begin. */
  private static final long IDLE_AFTER_NANOS = 100_000_000;

  private static final long IDLE_PAUSE_NANOS = 2_000_000;

  private final ReplicationConnection connection;
  private final PGReplicationStream stream;
  private final int pid;

  private volatile long received;
  private volatile long confirmed;
  private long lastMessage = System.nanoTime();
  private long lastKeptAlive = lastMessage;

  LogStream(
      ReplicationConnection connection,
      PGReplicationStream stream,
      LogSequenceNumber from,
      int pid) {
    this.connection = connection;
    this.stream = stream;
    this.pid = pid;
    this.received = from.asLong();
    // Before the first message: the slot may be behind what is stored.
    confirm(from.asLong());
  }

  /**
   * The next message of pgoutput; waits for it up to a second. Null where there is none for now:
   * {@link #received} may have moved nevertheless.
   *
   * @throws SQLException of a state that begins with 08 when the connection is lost or closed
   */
  public @Nullable ByteBuffer read() throws SQLException {
    long began = System.nanoTime();
    while (true) {
      ByteBuffer message = stream.readPending();
      long now = System.nanoTime();
      boolean moved = advance(stream.getLastReceiveLSN().asLong());
      if (message != null) {
        lastMessage = now;
        return message;
      }
      if (stream.isClosed()) {
        throw new SQLException("the server has ended the stream", "08006");
      }
      if (moved || now - began > STATUS_INTERVAL.toNanos()) {
        return null;
      }
      if (now - lastMessage > IDLE_AFTER_NANOS) {
        LockSupport.parkNanos(IDLE_PAUSE_NANOS);
      }
    }
  }

  /** Only forward: a transaction begins with the place of its first change, which is behind. */
  private boolean advance(long lsn) {
    if (lsn <= received) {
      return false;
    }
    received = lsn;
    return true;
  }

  /**
   * How far the stream has been read: all that was committed before is in the messages that {@link
   * #read} has returned. Moves on while nothing of the publication changes, too.
   */
  public long received() {
    return received;
  }

  /** The server need no longer keep what was committed before; told within a second or so. */
  public synchronized void confirm(long lsn) {
    if (lsn > confirmed) {
      confirmed = lsn;
      stream.setFlushedLSN(LogSequenceNumber.valueOf(lsn));
      stream.setAppliedLSN(LogSequenceNumber.valueOf(lsn));
    }
  }

  /** What has been confirmed; the server may not have heard it yet. */
  public long confirmed() {
    return confirmed;
  }

  /**
   * Tells the server that the reader is there though it does not read; to be called by it often
   * while it is held up. Does something once a second.
   */
  public void keepAlive() throws SQLException {
    long now = System.nanoTime();
    if (now - lastKeptAlive > STATUS_INTERVAL.toNanos()) {
      lastKeptAlive = now;
      requestStatus();
    }
  }

  /** Tells the server at once what is confirmed, and asks where it is itself. */
  public void requestStatus() throws SQLException {
    stream.forceUpdateStatus();
  }

  /**
   * The server's process, {@code active_pid} of the slot. Where the slot has another or none, this
   * stream has ended, though a network that lost the end may not let it know.
   */
  public int pid() {
    return pid;
  }

  /** Ends a read of another thread, too. */
  @Override
  public void close() {
    connection.close();
  }
}
