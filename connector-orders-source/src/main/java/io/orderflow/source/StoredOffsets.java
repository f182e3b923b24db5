package io.orderflow.source;

import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.handover.QueryOffsets;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.Shards;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** The offsets that Connect has stored for a connector. */
record StoredOffsets(OffsetStorageReader reader, OrdersSourceConfig config) {

  /**
   * Reads the offsets of those shards that have one.
   *
   * @throws ConnectException if they were stored with another number of shards
   */
  Map<Integer, ShardOffset> readShards(List<Integer> shards) {
    Map<Integer, ShardOffset> offsets = read(shards);
    for (ShardOffset offset : offsets.values()) {
      if (offset.shards() != config.shards()) {
        throw new ConnectException(otherShards(offset.shards()));
      }
    }
    return offsets;
  }

  /**
   * Reads the offsets of query capture, whatever the number of shards they were stored with.
   *
   * @throws ConnectException if one is malformed
   */
  QueryOffsets readQuery() {
    return new QueryOffsets(
        config.shards(), read(IntStream.range(0, config.shards()).boxed().toList()));
  }

  private Map<Integer, ShardOffset> read(List<Integer> shards) {
    Map<Map<String, Object>, Integer> partitions =
        shards.stream()
            .collect(
                Collectors.toMap(
                    shard -> Shards.partition(config.tables().orders(), shard), shard -> shard));
    Map<Integer, ShardOffset> offsets = new HashMap<>();
    reader
        .offsets(partitions.keySet())
        .forEach(
            (partition, offset) -> {
              Integer shard = partitions.get(partition);
              if (offset != null && shard != null) {
                offsets.put(shard, parse(offset, ShardOffset::of));
              }
            });
    return offsets;
  }

  /**
   * Reads the offset of the connector's slot; null if there is none.
   *
   * @throws ConnectException if it is malformed
   */
  @Nullable LogOffset readLog() {
    Map<String, Object> offset =
        reader.offset(LogOffset.partition(config.tables().orders(), config.log().slot()));
    return offset == null ? null : parse(offset, LogOffset::of);
  }

  private static <T> T parse(Map<String, Object> offset, Function<Map<String, ?>, T> parser) {
    try {
      return parser.apply(offset);
    } catch (IllegalArgumentException e) {
      throw new ConnectException(
          "The stored offset is not of this connector: %s. Reset or alter it."
              .formatted(e.getMessage()),
          e);
    }
  }

  private String otherShards(int stored) {
    return "%s: the stored offsets were made with %d shards, not %d. Set it back to %d; or, to capture all orders again with %d shards, create the index for %d shards, stop the connector and reset its offsets (DELETE /connectors/NAME/offsets)"
        .formatted(
            CaptureSettings.SHARDS,
            stored,
            config.shards(),
            stored,
            config.shards(),
            config.shards());
  }
}
