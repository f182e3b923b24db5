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
 * The messages of a slot, over pgjdbc's replication API. The server receives a status each second,
 * so that it neither ends the connection ({@code wal_sender_timeout}) nor retains log that is
 * acknowledged.
 */
public final class LogStream implements MessageStream {

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

  @Override
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

  @Override
  public Lsn received() {
    return received;
  }

  @Override
  public synchronized void acknowledge(Lsn lsn) {
    if (lsn.isAfter(acknowledged)) {
      acknowledged = lsn;
      stream.setFlushedLSN(LogSequenceNumber.valueOf(lsn.value()));
      stream.setAppliedLSN(LogSequenceNumber.valueOf(lsn.value()));
    }
  }

  @Override
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

  @Override
  public void close() {
    connection.close();
  }
}
