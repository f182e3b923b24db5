package io.orderflow.sink.update;

import org.jspecify.annotations.Nullable;

/**
 * What stock is counted by: an SKU at a location. Stock rows are locked in the order of their
 * items.
 *
 * @param location {@link #NO_LOCATION} if the warehouse has no locations or, in an update, if the
 *     record names none
 */
public record StockItem(String sku, String location) implements Comparable<StockItem> {

  /** The location of stock that has none. */
  public static final String NO_LOCATION = "";

  /** An SKU without a location. */
  public static StockItem of(String sku) {
    return new StockItem(sku, NO_LOCATION);
  }

  public boolean hasLocation() {
    return !location.isEmpty();
  }

  /** Most items have the same location, as one object. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StockItem item
        && sku.equals(item.sku)
        && location.equals(item.location);
  }

  @Override
  public int hashCode() {
    return 31 * sku.hashCode() + location.hashCode();
  }

  @Override
  public int compareTo(StockItem other) {
    int bySku = sku.compareTo(other.sku);
    return bySku == 0 ? location.compareTo(other.location) : bySku;
  }
}
