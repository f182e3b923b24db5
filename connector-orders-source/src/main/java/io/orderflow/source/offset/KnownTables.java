package io.orderflow.source.offset;

import org.jspecify.annotations.Nullable;

/**
 * What capture knows of the tables and their orders beside its position, so that it need not look
 * up each order after a restart, and emits none again. If an operator moves the offset, the changes
 * in between are not followed: then only the catalog is still known.
 *
 * @param catalog the last state of the catalog that was seen; null if none was
 * @param noStrayItemsFrom from this position on, an order has no items before it is inserted,
 *     except for those whose changes are streamed after the offset's own position; null if there
 *     may be others
 * @param emittedAhead the orders whose events are ahead of the offset's own position
 */
public record KnownTables(
    @Nullable CatalogVersion catalog, @Nullable Lsn noStrayItemsFrom, EmittedAhead emittedAhead) {

  /** Nothing is known. */
  public static final KnownTables NONE = new KnownTables(null, null, EmittedAhead.NONE);

  private static final String SEPARATOR = " from ";

  /**
   * Parses the text forms.
   *
   * @param lsn the position of the offset
   */
  static KnownTables parse(
      @Nullable String catalog, @Nullable String strayItems, EmittedAhead emittedAhead, Lsn lsn) {
    return new KnownTables(
        catalog == null ? null : CatalogVersion.parse(catalog),
        strayItems == null ? null : parseStrayItems(strayItems, lsn),
        emittedAhead);
  }

  private static @Nullable Lsn parseStrayItems(String text, Lsn lsn) {
    String[] parts = text.split(SEPARATOR, -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          "no_stray_items: expected two pg_lsn like 0/16B3748 from 0/16B3750, found " + text);
    }
    return Lsn.parse(parts[0]).equals(lsn) ? Lsn.parse(parts[1]) : null;
  }

  /** What is known once all changes before a position are emitted. */
  KnownTables reached(Lsn position) {
    return emittedAhead.orders().isEmpty() ? this : with(emittedAhead.reached(position));
  }

  KnownTables with(EmittedAhead ahead) {
    return new KnownTables(catalog, noStrayItemsFrom, ahead);
  }

  KnownTables withoutStrayItems() {
    return new KnownTables(catalog, null, emittedAhead);
  }

  /**
   * The text form of what is known of stray items at a position; null if nothing is.
   *
   * @param lsn the position as text
   */
  @Nullable String strayItemsText(String lsn) {
    return noStrayItemsFrom == null ? null : lsn + SEPARATOR + noStrayItemsFrom;
  }
}
