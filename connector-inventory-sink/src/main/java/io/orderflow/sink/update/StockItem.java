package io.orderflow.sink.update;

import org.jspecify.annotations.Nullable;

/**
 * What stock is counted by: an SKU at a location. Stock rows are locked in the order of their
 * items. No record, since a batch looks each item up several times, and its hash is kept.
 */
public final class StockItem implements Comparable<StockItem> {

  /** The location of stock that has none. */
  public static final String NO_LOCATION = "";

  private final String sku;
  private final String location;
  private final int hash;

  /**
   * An SKU at a location.
   *
   * @param location {@link #NO_LOCATION} if the warehouse has no locations or, in an update, if the
   *     record names none
   */
  public StockItem(String sku, String location) {
    this.sku = sku;
    this.location = location;
    this.hash = hash(sku, location);
  }

  /** The hash of an SKU at a location. */
  public static int hash(String sku, String location) {
    return 31 * sku.hashCode() + location.hashCode();
  }

  /** An SKU without a location. */
  public static StockItem of(String sku) {
    return new StockItem(sku, NO_LOCATION);
  }

  public String sku() {
    return sku;
  }

  public String location() {
    return location;
  }

  public boolean hasLocation() {
    return !location.isEmpty();
  }

  /** Whether this is an SKU at a location. */
  public boolean is(String otherSku, String otherLocation) {
    return sku.equals(otherSku) && location.equals(otherLocation);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StockItem item && hash == item.hash && is(item.sku, item.location);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public int compareTo(StockItem other) {
    int bySku = sku.compareTo(other.sku);
    return bySku == 0 ? location.compareTo(other.location) : bySku;
  }

  @Override
  public String toString() {
    return hasLocation() ? sku + "@" + location : sku;
  }
}
