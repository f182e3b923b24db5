package io.orderflow.sink.update;

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

  @Override
  public int compareTo(StockItem other) {
    int bySku = sku.compareTo(other.sku);
    return bySku == 0 ? location.compareTo(other.location) : bySku;
  }
}
