package io.orderflow.source.offset;

/** Log sequence numbers: a place in the log, in bytes, written as PostgreSQL's pg_lsn is. */
public final class Lsn {

  private Lsn() {}

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static long parse(String text) {
    int slash = text.indexOf('/');
    try {
      long high = Long.parseLong(text.substring(0, Math.max(0, slash)), 16);
      long low = Long.parseLong(text.substring(slash + 1), 16);
      if (high < 0 || high > 0xffff_ffffL || low < 0 || low > 0xffff_ffffL) {
        throw new NumberFormatException("more than 32 bits");
      }
      return high << 32 | low;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("lsn: expected a pg_lsn like 0/16B3748, found " + text, e);
    }
  }

  /** The text form. */
  public static String format(long lsn) {
    return Long.toHexString(lsn >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(lsn & 0xffff_ffffL).toUpperCase(java.util.Locale.ROOT);
  }
}
