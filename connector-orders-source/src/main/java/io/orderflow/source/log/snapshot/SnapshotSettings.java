package io.orderflow.source.log.snapshot;

import io.orderflow.source.handover.QueryOffsets;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import org.jspecify.annotations.Nullable;

/**
 * What is loaded, and how.
 *
 * @param connections how many chunks are read at the same time, each on a connection of its own
 * @param chunkOrders how many orders a chunk has at most
 * @param told what was told before, by queries; null where nothing was
 */
public record SnapshotSettings(
    CapturedTables tables,
    DecimalHandling decimals,
    int connections,
    int chunkOrders,
    @Nullable QueryOffsets told) {

  /** Nothing was told before. */
  public SnapshotSettings(
      CapturedTables tables, DecimalHandling decimals, int connections, int chunkOrders) {
    this(tables, decimals, connections, chunkOrders, null);
  }
}
