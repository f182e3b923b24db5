package io.orderflow.source.log.load;

import io.orderflow.source.event.Decimals;
import io.orderflow.source.event.ShopTables;
import io.orderflow.source.event.ToldShards;
import org.jspecify.annotations.Nullable;

/**
 * What is loaded, and how.
 *
 * @param connections how many chunks are read at the same time, each on a connection of its own
 * @param chunkOrders how many orders a chunk has at most
 * @param told what was told before, by queries; null where nothing was
 */
public record LoadSettings(
    ShopTables tables,
    Decimals decimals,
    int connections,
    int chunkOrders,
    @Nullable ToldShards told) {

  /** Nothing was told before. */
  public LoadSettings(ShopTables tables, Decimals decimals, int connections, int chunkOrders) {
    this(tables, decimals, connections, chunkOrders, null);
  }
}
