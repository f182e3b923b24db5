package io.orderflow.source.offset;

import java.util.Locale;

/**
 * A log sequence number: a position in the write-ahead log, in bytes, written as PostgreSQL's type
 * pg_lsn is (manual, 8.20).
 *
 * @param value unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {

  private static final int HEX = 16;
  private static final long MAX_HALF = 0xffff_ffffL;

  /**
   * Parses the text form, for example 0/16B3748.
   *
   * @throws IllegalArgumentException if the text is no pg_lsn
   */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    try {
      long high = Long.parseLong(text.substring(0, Math.max(0, slash)), HEX);
      long low = Long.parseLong(text.substring(slash + 1), HEX);
      if (high < 0 || high > MAX_HALF || low < 0 || low > MAX_HALF) {
        throw new NumberFormatException("more than 32 bits");
      }
      return new Lsn(high << Integer.SIZE | low);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("lsn: expected a pg_lsn like 0/16B3748, found " + text, e);
    }
  }

  public boolean isBefore(Lsn other) {
    return compareTo(other) < 0;
  }

  public boolean isAfter(Lsn other) {
    return compareTo(other) > 0;
  }

  /** The later of two. */
  public Lsn max(Lsn other) {
    return isBefore(other) ? other : this;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** The text form. */
  @Override
  public String toString() {
    return (Long.toHexString(value >>> Integer.SIZE) + "/" + Long.toHexString(value & MAX_HALF))
        .toUpperCase(Locale.ROOT);
  }
}
