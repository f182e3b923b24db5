package io.orderflow.source.offset;

import java.nio.charset.StandardCharsets;

/**
 * A log sequence number: a position in the write-ahead log, in bytes, written as PostgreSQL's type
 * pg_lsn is (manual, 8.20).
 *
 * @param value unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {

  private static final int HEX = 16;
  private static final int MAX_TEXT = 17;
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
    // Each record's offset has it, so it is written without detours.
    byte[] text = new byte[MAX_TEXT];
    int start = writeHex(value & MAX_HALF, text, MAX_TEXT);
    text[--start] = '/';
    start = writeHex(value >>> Integer.SIZE, text, start);
    return new String(text, start, MAX_TEXT - start, StandardCharsets.ISO_8859_1);
  }

  /** Writes a number in hexadecimal digits before an index; returns the index of the first. */
  private static int writeHex(long number, byte[] text, int end) {
    int start = end;
    long left = number;
    do {
      int digit = (int) (left & 0xf);
      text[--start] = (byte) (digit < 10 ? '0' + digit : 'A' + digit - 10);
      left >>>= 4;
    } while (left != 0);
    return start;
  }
}
