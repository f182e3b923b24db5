package io.orderflow.source.log.slot;

import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * The messages of a slot. One thread reads and keeps the stream alive; any thread may acknowledge,
 * read positions and close.
 *
 * <p>The server receives a status each second, so that it neither ends the connection ({@code
 * wal_sender_timeout}) nor retains log that is acknowledged.
 */
public final class LogStream implements AutoCloseable {

  /** How often the server receives the acknowledged position. */
  static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

  /** While messages arrive, the driver's own wait of up to 1 ms for the next one is enough. */
  private static final long IDLE_AFTER_NANOS = 100_000_000;

  private static final long IDLE_PAUSE_NANOS = 2_000_000;

  private final ReplicationConnection connection;
  private final PGReplicationStream stream;
  private final int pid;

  private volatile Lsn received;
  private volatile Lsn acknowledged = new Lsn(0);
  private long lastMessage = System.nanoTime();
  private long lastKeptAlive = lastMessage;

  LogStream(ReplicationConnection connection, PGReplicationStream stream, Lsn from, int pid) {
    this.connection = connection;
    this.stream = stream;
    this.pid = pid;
    this.received = from;
  }

  /**
   * Reads the next message of pgoutput; waits for it for up to a second.
   *
   * @return null if there was none; {@link #received} may have advanced nevertheless
   * @throws SQLException of a state that begins with 08 if the connection is lost or closed
   */
  public @Nullable ByteBuffer read() throws SQLException {
    long began = System.nanoTime();
    while (true) {
      ByteBuffer message = stream.readPending();
      long now = System.nanoTime();
      boolean moved = advance(new Lsn(stream.getLastReceiveLSN().asLong()));
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

  /**
   * Advances, and never moves back: a transaction's first message has the earlier position of its
   * first change.
   */
  private boolean advance(Lsn lsn) {
    if (!lsn.isAfter(received)) {
      return false;
    }
    received = lsn;
    return true;
  }

  /**
   * How far the stream has been read: {@link #read} has returned all transactions that committed
   * before this position. It also advances while the captured tables do not change.
   */
  public Lsn received() {
    return received;
  }

  /**
   * Acknowledges a position, so that the server may remove the log before it. The next status,
   * within about a second, contains it.
   */
  public synchronized void acknowledge(Lsn lsn) {
    if (lsn.isAfter(acknowledged)) {
      acknowledged = lsn;
      stream.setFlushedLSN(LogSequenceNumber.valueOf(lsn.value()));
      stream.setAppliedLSN(LogSequenceNumber.valueOf(lsn.value()));
    }
  }

  /**
   * Shows the server that the reader is alive although it does not read. Sends a status once a
   * second; must be called more often than that while the reader is blocked.
   */
  public void keepAlive() throws SQLException {
    long now = System.nanoTime();
    if (now - lastKeptAlive > STATUS_INTERVAL.toNanos()) {
      lastKeptAlive = now;
      stream.forceUpdateStatus();
    }
  }

  /**
   * The server process that sends the stream: {@code active_pid} of the slot. If the slot has
   * another one or none, this stream has ended, even if a network failure conceals that.
   */
  public int pid() {
    return pid;
  }

  /** Closes the connection, which also ends a read on another thread. */
  @Override
  public void close() {
    connection.close();
  }
}
