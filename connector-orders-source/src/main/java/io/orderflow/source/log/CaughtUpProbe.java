package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.read.ReadPoint;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds out up to which time capture has caught up with the server. That nothing is streamed does
 * not show it: the server may still be decoding a large transaction. So the end of the log is read
 * now and then, and capture has caught up with that time once the stream has passed the position.
 * For one thread.
 */
final class CaughtUpProbe {

  private static final Duration INTERVAL = Duration.ofMillis(400);

  private final Database database;

  private @Nullable Lsn end;
  private long readAt;

  /** Creates a probe on a pool of REPEATABLE READ transactions. */
  CaughtUpProbe(Database database) {
    this.database = database;
  }

  /**
   * Compares the end of the log, which was read in an earlier call, and reads the next one.
   *
   * @param emittedUntil all transactions that committed before this position are emitted
   * @return all that was committed before this time is emitted, in milliseconds since the epoch;
   *     empty if that is not known
   */
  OptionalLong caughtUpWith(Lsn emittedUntil) throws SQLException {
    long now = System.currentTimeMillis();
    Lsn before = end;
    boolean passed = before != null && !before.isAfter(emittedUntil);
    OptionalLong caughtUp = passed ? OptionalLong.of(readAt) : OptionalLong.empty();
    if (before == null || (passed && now - readAt >= INTERVAL.toMillis())) {
      end = database.transaction(ReadPoint::read).highWatermark();
      readAt = now;
    }
    return caughtUp;
  }
}
