package io.orderflow.source.offset;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The transactions that a {@code pg_snapshot} shows (manual, 9.27, "Transaction ID and Snapshot
 * Information Functions").
 *
 * @param xmin oldest transaction that was still running; all before it have ended
 * @param xmax first transaction ID that had not been assigned yet
 * @param running transactions from {@code xmin} to {@code xmax} that were still running, ascending;
 *     a snapshot of the slot's creation lists subtransactions too, any other only whole
 *     transactions
 */
public record TransactionSnapshot(long xmin, long xmax, List<Long> running) {

  /** Transactions 0 to 2 are special: their rows are visible to all. */
  private static final long FIRST_NORMAL = 3;

  /** Shows no transaction. */
  public static final TransactionSnapshot EMPTY = new TransactionSnapshot(0, 0, List.of());

  private static final long HALF = 1L << 31;
  private static final long MASK = (1L << 32) - 1;

  /**
   * The snapshot of a slot's creation may have an {@code xmin} above its {@code xmax}, which
   * PostgreSQL writes but does not parse: transactions before either have ended.
   */
  public TransactionSnapshot {
    xmax = Math.max(xmin, xmax);
    running = running.stream().sorted().toList();
  }

  /**
   * Parses the text form, {@code xmin:xmax:xip,...}
   *
   * @throws IllegalArgumentException if the text is no pg_snapshot
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

  /** Whether a transaction, by its 64-bit ID, had ended. */
  public boolean shows(long xid) {
    return xid < xmin || (xid < xmax && Collections.binarySearch(running, xid) < 0);
  }

  /**
   * Whether a transaction had ended, by the lower 32 bits of its ID, as pgoutput has it. Of the IDs
   * with these bits, the nearest to this snapshot counts, less than 2^31 away.
   */
  public boolean shows32(long xid) {
    return xid < FIRST_NORMAL || shows(nearest(xid));
  }

  private long nearest(long xid) {
    long ahead = (xid - xmax) & MASK;
    return xmax + (ahead < HALF ? ahead : ahead - MASK - 1);
  }

  /**
   * This snapshot without some transactions.
   *
   * @param xids the lower 32 bits of their IDs, as for {@link #shows32}; those that it does not
   *     show change nothing
   */
  public TransactionSnapshot without(Collection<Long> xids) {
    List<Long> hidden = xids.stream().map(this::nearest).filter(this::shows).toList();
    long least = hidden.stream().mapToLong(xid -> xid).min().orElse(xmin);
    return new TransactionSnapshot(
        Math.min(xmin, least),
        xmax,
        Stream.concat(running.stream(), hidden.stream()).distinct().toList());
  }

  /**
   * Whether a row was written after this snapshot, by a transaction that a later snapshot shows.
   *
   * <p>PostgreSQL keeps a row's {@code xmin} however old it is, even if the row is frozen. So an ID
   * counts as new only if it is between the two snapshots, and not merely because it is nearer to
   * the future than to the past.
   *
   * @param xid lower 32 bits of the transaction that wrote the row
   * @param later a snapshot that shows the row
   */
  public boolean isWrittenSince(long xid, TransactionSnapshot later) {
    if (xid < FIRST_NORMAL) {
      return false;
    }
    long full = xmin + ((xid - xmin) & MASK);
    return full < later.xmax && !shows(full);
  }

  /** The text form. */
  @Override
  public String toString() {
    return running.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(",", xmin + ":" + xmax + ":", ""));
  }
}
