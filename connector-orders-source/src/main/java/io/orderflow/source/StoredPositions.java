package io.orderflow.source;

import io.orderflow.source.event.LogPosition;
import io.orderflow.source.event.ShardPosition;
import io.orderflow.source.event.Shards;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** The positions that Connect has kept. */
record StoredPositions(OffsetStorageReader offsets) {

  /**
   * Positions of those of the shards that have one.
   *
   * @throws ConnectException when they were stored with another number of shards
   */
  Map<Integer, ShardPosition> of(OrdersSourceConfig config, List<Integer> shards) {
    Map<Map<String, Object>, Integer> partitions =
        shards.stream()
            .collect(
                Collectors.toMap(
                    shard -> Shards.partition(config.tables().orders(), shard), shard -> shard));
    Map<Integer, ShardPosition> positions = new HashMap<>();
    offsets
        .offsets(partitions.keySet())
        .forEach(
            (partition, offset) -> {
              Integer shard = partitions.get(partition);
              if (offset != null && shard != null) {
                positions.put(shard, position(offset, config));
              }
            });
    return positions;
  }

  /**
   * Position of the connector's slot; null where there is none yet.
   *
   * @throws ConnectException when it is none of this connector's
   */
  @Nullable LogPosition ofLog(OrdersSourceConfig config) {
    Map<String, Object> offset =
        offsets.offset(LogPosition.partition(config.tables().orders(), config.log().slot()));
    try {
      return offset == null ? null : LogPosition.of(offset);
    } catch (IllegalArgumentException e) {
      throw notOurs(e);
    }
  }

  private static ConnectException notOurs(IllegalArgumentException e) {
    return new ConnectException(
        "The stored offset is none of this connector's: %s. Reset or alter it."
            .formatted(e.getMessage()),
        e);
  }

  private static ShardPosition position(Map<String, Object> offset, OrdersSourceConfig config) {
    ShardPosition position;
    try {
      position = ShardPosition.of(offset);
    } catch (IllegalArgumentException e) {
      throw notOurs(e);
    }
    if (position.shards() != config.shards()) {
      throw new ConnectException(otherShards(position.shards(), config.shards()));
    }
    return position;
  }

  static String otherShards(int stored, int configured) {
    return """
        capture.shards: expected %1$d, with which the stored offsets were made, found %2$d. Set it back to %1$d; \
        or, to capture all orders anew with %2$d shards, make the index for %2$d shards, stop the connector and reset its \
        offsets (DELETE /connectors/NAME/offsets)"""
        .formatted(stored, configured);
  }
}
