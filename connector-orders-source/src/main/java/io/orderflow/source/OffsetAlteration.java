package io.orderflow.source;

import io.orderflow.source.event.Position;
import io.orderflow.source.event.Shards;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Checks offsets that someone wants to store by hand. */
final class OffsetAlteration {

  private OffsetAlteration() {}

  /**
   * Lets pass what the connector could have stored itself; a null offset resets its shard.
   *
   * @throws ConnectException naming the first partition or offset that is at fault
   */
  static void check(
      OrdersSourceConfig config, Map<Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          try {
            Shards.shardOf(partition, config.tables().orders(), config.shards());
            if (offset != null) {
              check(config, Position.of(offset));
            }
          } catch (IllegalArgumentException e) {
            throw new ConnectException(
                "Offset of partition " + partition + " refused: " + e.getMessage(), e);
          }
        });
  }

  private static void check(OrdersSourceConfig config, Position position) {
    if (position.shards() != config.shards()) {
      throw new IllegalArgumentException(
          "shards: expected %d, as capture.shards says, found %d"
              .formatted(config.shards(), position.shards()));
    }
  }
}
