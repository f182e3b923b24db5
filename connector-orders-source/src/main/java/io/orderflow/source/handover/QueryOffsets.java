package io.orderflow.source.handover;

import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.UnusableTablesException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The stored offsets of query capture.
 *
 * @param shards the number of shards
 * @param offsets the offsets by shard, of the shards that have one
 */
public record QueryOffsets(int shards, Map<Integer, ShardOffset> offsets) {

  /** The epoch if query capture has no stored offset. */
  static final long NO_EPOCH = -1;

  public QueryOffsets {
    offsets = Map.copyOf(offsets);
  }

  /** The greatest epoch of the offsets. */
  long epoch() {
    return offsets.values().stream()
        .mapToLong(offset -> offset.handover().epoch())
        .max()
        .orElse(NO_EPOCH);
  }

  /** The least transaction whose changes all shards emit; those before it existed already. */
  long captureBegan() {
    return offsets.values().stream().mapToLong(ShardOffset::snapshotUntil).min().orElse(0);
  }

  /** The greatest version that query capture has derived from a transaction ID. */
  long maxVersion() {
    return offsets.values().stream().mapToLong(ShardOffset::version).max().orElse(0);
  }

  /**
   * Checks that all shards have reached the same epoch.
   *
   * @throws UnusableTablesException if a query capture has not taken over some of them
   */
  void requireOneEpoch() {
    for (ShardOffset offset : offsets.values()) {
      if (offset.shards() != shards) {
        throw new UnusableTablesException(
            CaptureSettings.SHARDS,
            "the stored offsets of capture=query were made with %d shards, not %d; set it back"
                .formatted(offset.shards(), shards));
      }
    }
    long epoch = epoch();
    List<Integer> behind =
        IntStream.range(0, shards).filter(shard -> isBehind(shard, epoch)).boxed().toList();
    if (!behind.isEmpty()) {
      throw new UnusableTablesException(
          CaptureSettings.CAPTURE,
          "capture=query has not taken over the shards %s yet: their stored offsets lack \"epoch\" %d; set capture=query until GET /connectors/NAME/offsets shows it for all %d shards"
              .formatted(behind, epoch, shards));
    }
  }

  /** In epoch 0 a shard has no offset until one of its orders is emitted. */
  private boolean isBehind(int shard, long epoch) {
    ShardOffset offset = offsets.get(shard);
    return offset == null ? epoch > 0 : offset.handover().epoch() < epoch;
  }
}
