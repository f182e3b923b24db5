package io.orderflow.source.offset;

/**
 * A state of the catalog rows on which the values of the captured tables depend, such as the types
 * of columns and the labels of enums. Rows that the log has of an earlier state cannot be used:
 * statements such as {@code ALTER TABLE ... ALTER COLUMN ... TYPE ... USING} change values of rows
 * that they do not log.
 *
 * @param fingerprint of the catalog rows
 * @param since the first transaction ID that had not been assigned when this state was seen: all
 *     rows that later transactions log have this state, until the next is seen
 */
public record CatalogVersion(String fingerprint, long since) {

  private static final char SEPARATOR = ':';
  private static final long MASK = (1L << 32) - 1;
  private static final long HALF = 1L << 31;

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static CatalogVersion parse(String text) {
    int separator = text.lastIndexOf(SEPARATOR);
    try {
      return new CatalogVersion(
          text.substring(0, Math.max(0, separator)),
          Long.parseUnsignedLong(text.substring(separator + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "catalog: expected a fingerprint and a transaction ID like 1234:567, found " + text, e);
    }
  }

  /**
   * Whether a transaction has logged rows of this state. Of an ID that is 2^31 transactions later,
   * this is not known, and the answer is no.
   *
   * @param xid the lower 32 bits of its ID
   */
  public boolean isLoggedSince(long xid) {
    return ((xid - since) & MASK) < HALF;
  }

  /**
   * This state, which is seen again. Once its first transaction is more than 2^30 transactions ago,
   * those from now on count instead, so that {@link #isLoggedSince} does not become unable to
   * decide.
   *
   * @param again the first transaction ID that had not been assigned when it was seen again
   */
  public CatalogVersion seenAgain(long again) {
    return again - since > HALF / 2 ? new CatalogVersion(fingerprint, again) : this;
  }

  /** The text form. */
  @Override
  public String toString() {
    return fingerprint + SEPARATOR + since;
  }
}
