package io.orderflow.source;

import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.handover.QueryOffsets;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.Shards;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
  Map<Integer, ShardOffset> of(OrdersSourceConfig config, List<Integer> shards) {
    Map<Integer, ShardOffset> positions = new HashMap<>();
    of(partitions(config, shards))
        .forEach((shard, offset) -> positions.put(shard, position(offset, config)));
    return positions;
  }

  /**
   * What capture by queries has told of all shards, whatever number of them it was made with.
   *
   * @throws ConnectException when it is none of this connector's
   */
  QueryOffsets ofShards(OrdersSourceConfig config) {
    Map<Integer, ShardOffset> positions = new HashMap<>();
    of(partitions(config, IntStream.range(0, config.shards()).boxed().toList()))
        .forEach((shard, offset) -> positions.put(shard, parsed(offset)));
    return new QueryOffsets(config.shards(), positions);
  }

  private static Map<Map<String, Object>, Integer> partitions(
      OrdersSourceConfig config, List<Integer> shards) {
    return shards.stream()
        .collect(
            Collectors.toMap(
                shard -> Shards.partition(config.tables().orders(), shard), shard -> shard));
  }

  private Map<Integer, Map<String, Object>> of(Map<Map<String, Object>, Integer> partitions) {
    Map<Integer, Map<String, Object>> found = new HashMap<>();
    offsets
        .offsets(partitions.keySet())
        .forEach(
            (partition, offset) -> {
              Integer shard = partitions.get(partition);
              if (offset != null && shard != null) {
                found.put(shard, offset);
              }
            });
    return found;
  }

  /**
   * Position of the connector's slot; null where there is none yet.
   *
   * @throws ConnectException when it is none of this connector's
   */
  @Nullable LogOffset ofLog(OrdersSourceConfig config) {
    Map<String, Object> offset =
        offsets.offset(LogOffset.partition(config.tables().orders(), config.log().slot()));
    try {
      return offset == null ? null : LogOffset.of(offset);
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

  private static ShardOffset position(Map<String, Object> offset, OrdersSourceConfig config) {
    ShardOffset position = parsed(offset);
    if (position.shards() != config.shards()) {
      throw new ConnectException(otherShards(position.shards(), config.shards()));
    }
    return position;
  }

  private static ShardOffset parsed(Map<String, Object> offset) {
    try {
      return ShardOffset.of(offset);
    } catch (IllegalArgumentException e) {
      throw notOurs(e);
    }
  }

  static String otherShards(int stored, int configured) {
    return """
        capture.shards: expected %1$d, with which the stored offsets were made, found %2$d. Set it back to %1$d; \
        or, to capture all orders anew with %2$d shards, make the index for %2$d shards, stop the connector and reset its \
        offsets (DELETE /connectors/NAME/offsets)"""
        .formatted(stored, configured);
  }
}
