package io.orderflow.source.log.load;

import io.orderflow.source.event.Decimals;
import io.orderflow.source.event.ShopTables;

/**
 * What is loaded, and how.
 *
 * @param connections how many chunks are read at the same time, each on a connection of its own
 * @param chunkOrders how many orders a chunk has at most
 */
public record LoadSettings(
    ShopTables tables, Decimals decimals, int connections, int chunkOrders) {}
