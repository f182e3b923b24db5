package io.orderflow.sink.record;

import io.orderflow.sink.update.StockItem;
import org.jspecify.annotations.Nullable;

/**
 * The stock items that were read last, so that equal items of many orders are one object: a batch
 * looks each up several times, and most of the time goes into fetching keys from memory. It
 * remembers one item for each of some thousand hashes, and forgets the one before.
 *
 * <p>Thread safety: for any threads. An item has only final fields, and one that is not seen is
 * read again.
 */
final class SharedItems {

  /** A power of two. */
  private static final int SIZE = 1 << 14;

  private final @Nullable StockItem[] items = new @Nullable StockItem[SIZE];

  /** The item if it is remembered, otherwise null. */
  @Nullable StockItem find(String sku, String location) {
    StockItem item = items[index(StockItem.hash(sku, location))];
    return item != null && item.is(sku, location) ? item : null;
  }

  /** Remembers an item, which is returned. */
  StockItem add(StockItem item) {
    items[index(item.hashCode())] = item;
    return item;
  }

  /** Hashes of similar texts differ mostly in their last bits. */
  private static int index(int hash) {
    return (hash ^ (hash >>> 14)) & (SIZE - 1);
  }
}
