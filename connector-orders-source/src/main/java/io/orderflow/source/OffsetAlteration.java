package io.orderflow.source;

import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.Shards;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.validate.ServerMessages;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks offsets that someone wants to store by hand. */
final class OffsetAlteration {

  private static final Logger log = LoggerFactory.getLogger(OffsetAlteration.class);

  private OffsetAlteration() {}

  /**
   * Lets pass what the connector could have stored itself; a null offset resets its shard. While
   * the database is away, offsets are only checked for what can be seen without it.
   *
   * @throws ConnectException naming the first partition or offset that is at fault
   */
  static void check(
      OrdersSourceConfig config, Map<Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
    Map<Map<String, ?>, ShardOffset> positions = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> {
          try {
            Shards.shardOf(partition, config.tables().orders(), config.shards());
            if (offset != null) {
              positions.put(partition, position(config, offset));
            }
          } catch (IllegalArgumentException e) {
            throw refused(partition, String.valueOf(e.getMessage()), e);
          }
        });
    if (!positions.isEmpty()) {
      compareWithDatabase(config, positions);
    }
  }

  private static ShardOffset position(OrdersSourceConfig config, Map<String, ?> offset) {
    ShardOffset position = ShardOffset.of(offset);
    if (position.shards() != config.shards()) {
      throw new IllegalArgumentException(
          "shards: expected %d, as capture.shards says, found %d"
              .formatted(config.shards(), position.shards()));
    }
    return position;
  }

  private static void compareWithDatabase(
      OrdersSourceConfig config, Map<Map<String, ?>, ShardOffset> positions) {
    try (Connection connection = config.queryDatabase().connect("orderflow-offsets")) {
      ServerInfo server = ServerInfo.of(connection);
      OrderSchema layout = new SchemaReader(config.tables(), config.decimals()).load(connection);
      positions.forEach(
          (partition, position) -> compare(config, server, layout, partition, position));
    } catch (SQLException | UnusableTablesException e) {
      log.warn("Offsets are altered without a look at the database: {}", e.getMessage());
    }
  }

  private static void compare(
      OrdersSourceConfig config,
      ServerInfo server,
      OrderSchema layout,
      Map<String, ?> partition,
      ShardOffset position) {
    try {
      position.requireOrderIdOf(layout.idType());
    } catch (IllegalArgumentException e) {
      throw refused(partition, String.valueOf(e.getMessage()), e);
    }
    ServerMessages.misfit(config.tables(), position, server)
        .ifPresent(
            misfit -> {
              throw refused(partition, misfit, null);
            });
  }

  private static ConnectException refused(
      Map<String, ?> partition, String why, @Nullable Throwable cause) {
    return new ConnectException("Offset of partition " + partition + " refused: " + why, cause);
  }
}
