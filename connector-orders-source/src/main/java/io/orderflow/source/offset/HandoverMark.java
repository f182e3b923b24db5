package io.orderflow.source.offset;

import org.jspecify.annotations.Nullable;

/**
 * What a shard's position knows of the capture from the log that came before it.
 *
 * @param turn grows with each change of capture; the capture whose offsets have the greater one
 *     told last
 * @param shift what is added to a transaction's ID to make a version that is greater than all that
 *     the log gave
 * @param captured {@code pg_snapshot} of the transactions that were told from the log; null once
 *     the shard has passed them, or where there was no such capture
 */
public record HandoverMark(long turn, long shift, @Nullable String captured) {

  /** Capture began with the shard. */
  public static final HandoverMark NONE = new HandoverMark(0, 0, null);

  /** The same for a shard that has come up to a transaction. */
  HandoverMark at(long xid) {
    return captured == null || xid < end(captured) ? this : new HandoverMark(turn, shift, null);
  }

  /** Quick, since it is asked for each order: what is between the colons of the text. */
  private static long end(String snapshot) {
    int first = snapshot.indexOf(':');
    return Long.parseLong(snapshot, first + 1, snapshot.indexOf(':', first + 1), 10);
  }
}
