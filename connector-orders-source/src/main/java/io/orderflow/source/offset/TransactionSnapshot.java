package io.orderflow.source.offset;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which transactions a {@code pg_snapshot} shows (manual, 9.27, "Transaction ID and
 * TransactionSnapshot Information Functions").
 *
 * @param xmin oldest transaction that was still running; all before it are over
 * @param xmax first transaction that had not been given out yet
 * @param running transactions from {@code xmin} to {@code xmax} that were still running, ascending;
 *     a snapshot of the slot's creation lists subtransactions too, any other only whole
 *     transactions
 */
public record TransactionSnapshot(long xmin, long xmax, List<Long> running) {

  /** Transactions 0 to 2 are no real ones: their rows are there for all. */
  private static final long FIRST_NORMAL = 3;

  private static final long HALF = 1L << 31;
  private static final long MASK = (1L << 32) - 1;

  /**
   * The snapshot of a slot's creation may have an {@code xmin} above its {@code xmax}, which
   * PostgreSQL writes and does not read: what is before either is over.
   */
  public TransactionSnapshot {
    xmax = Math.max(xmin, xmax);
    running = running.stream().sorted().toList();
  }

  /**
   * Reads the text form, {@code xmin:xmax:xip,...}
   *
   * @throws IllegalArgumentException when it is none
   */
  public static TransactionSnapshot parse(String text) {
    String[] parts = text.split(":", -1);
    try {
      if (parts.length != 3) {
        throw new NumberFormatException("not three parts");
      }
      Stream<String> running =
          parts[2].isEmpty() ? Stream.of() : Stream.of(parts[2].split(",", -1));
      return new TransactionSnapshot(
          Long.parseLong(parts[0]), Long.parseLong(parts[1]), running.map(Long::valueOf).toList());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected a pg_snapshot like 740:745:741,743, found " + text, e);
    }
  }

  /** Whether a transaction, by its full ID of 64 bits, had committed or was aborted by then. */
  public boolean visible(long xid) {
    return xid < xmin || (xid < xmax && Collections.binarySearch(running, xid) < 0);
  }

  /**
   * The same by the lower 32 bits of the ID, as pgoutput tells it. It is taken as the transaction
   * that is nearest to this snapshot, less than 2^31 away.
   */
  public boolean visible32(long xid) {
    return xid < FIRST_NORMAL || visible(nearest(xid));
  }

  private long nearest(long xid) {
    long ahead = (xid - xmax) & MASK;
    return xmax + (ahead < HALF ? ahead : ahead - MASK - 1);
  }

  /**
   * What it shows, less some transactions.
   *
   * @param xids their IDs' lower 32 bits, as for {@link #visible32}; those that it does not show
   *     change nothing
   */
  public TransactionSnapshot without(Collection<Long> xids) {
    List<Long> hidden = xids.stream().map(this::nearest).filter(this::visible).toList();
    long least = hidden.stream().mapToLong(xid -> xid).min().orElse(xmin);
    return new TransactionSnapshot(
        Math.min(xmin, least),
        xmax,
        Stream.concat(running.stream(), hidden.stream()).distinct().toList());
  }

  /**
   * Whether a row has been written since: by a transaction that a later snapshot shows and this one
   * does not.
   *
   * <p>PostgreSQL tells a row's {@code xmin} as it was written, however long ago, also of rows that
   * are frozen since. So an ID counts as new only if it lies between the two snapshots, and not
   * merely because it looks nearer to the future than to the past.
   *
   * @param xid lower 32 bits of the transaction that wrote the row
   * @param later a snapshot that shows the row
   */
  public boolean before(long xid, TransactionSnapshot later) {
    if (xid < FIRST_NORMAL) {
      return false;
    }
    long full = xmin + ((xid - xmin) & MASK);
    return full < later.xmax && !visible(full);
  }

  /** The text form. */
  @Override
  public String toString() {
    return running.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(",", xmin + ":" + xmax + ":", ""));
  }
}
