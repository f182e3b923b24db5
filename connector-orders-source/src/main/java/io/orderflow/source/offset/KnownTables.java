package io.orderflow.source.offset;

import org.jspecify.annotations.Nullable;

/**
 * What capture knows of the tables beside its position, so that it need not look up each order
 * after a restart.
 *
 * @param catalog the last state of the catalog that was seen; null if none was
 * @param noStrayItemsFrom from this position on, an order has no items before it is inserted,
 *     except for those whose changes are streamed after the offset's own position; null if there
 *     may be others
 */
public record KnownTables(@Nullable CatalogVersion catalog, @Nullable Lsn noStrayItemsFrom) {

  /** Nothing is known. */
  public static final KnownTables NONE = new KnownTables(null, null);

  private static final String SEPARATOR = " from ";

  /**
   * Parses the text forms.
   *
   * @param lsn the position of the offset; what is known of stray items at another position is
   *     ignored, since the changes in between were not followed if an operator has moved the offset
   */
  static KnownTables parse(@Nullable String catalog, @Nullable String strayItems, Lsn lsn) {
    CatalogVersion version = catalog == null ? null : CatalogVersion.parse(catalog);
    if (strayItems == null) {
      return new KnownTables(version, null);
    }
    String[] parts = strayItems.split(SEPARATOR, -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          "no_stray_items: expected two pg_lsn like 0/16B3748 from 0/16B3750, found " + strayItems);
    }
    return new KnownTables(version, Lsn.parse(parts[0]).equals(lsn) ? Lsn.parse(parts[1]) : null);
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
