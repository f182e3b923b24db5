package io.orderflow.source;

import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.log.slot.WalStatus;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.Shards;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks offsets that an operator alters, of either capture: those of the other capture are stored
 * beside. Only offsets are accepted that the connector could have stored itself; null resets one.
 * While the database is unavailable, the checks that need it are skipped.
 */
record OffsetAlteration(OrdersSourceConfig config) {

  private static final Logger log = LoggerFactory.getLogger(OffsetAlteration.class);
  private static final String CONNECTION_NAME = "orderflow-offsets";

  /** A check of offsets against the database. */
  @FunctionalInterface
  private interface DatabaseCheck {
    void run(Connection connection, ServerInfo server) throws SQLException;
  }

  /**
   * Checks altered offsets.
   *
   * @param offsets by source partition
   * @throws ConnectException naming the first partition or offset that is refused
   */
  void check(Map<Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
    List<Map<String, ?>> ofSlots = LogOffset.partitionsOfSlots(offsets.keySet());
    Map<Map<String, ?>, ShardOffset> shards = new HashMap<>();
    Map<Map<String, ?>, LogOffset> slots = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> {
          try {
            if (ofSlots.contains(partition)) {
              parseSlot(partition, offset).ifPresent(parsed -> slots.put(partition, parsed));
            } else {
              parseShard(partition, offset).ifPresent(parsed -> shards.put(partition, parsed));
            }
          } catch (IllegalArgumentException e) {
            throw refused(partition, String.valueOf(e.getMessage()), e);
          }
        });
    if (!shards.isEmpty()) {
      withDatabase((connection, server) -> checkShards(connection, server, shards));
    }
    slots.forEach(
        (partition, offset) ->
            withDatabase((connection, server) -> checkSlot(connection, server, partition, offset)));
  }

  private Optional<ShardOffset> parseShard(
      Map<String, ?> partition, @Nullable Map<String, ?> offset) {
    Shards.shardOf(partition, config.tables().orders(), config.shards());
    if (offset == null) {
      return Optional.empty();
    }
    ShardOffset parsed = ShardOffset.of(offset);
    if (parsed.shards() != config.shards()) {
      throw new IllegalArgumentException(
          "shards: expected %d, the value of capture.shards, found %d"
              .formatted(config.shards(), parsed.shards()));
    }
    return Optional.of(parsed);
  }

  private Optional<LogOffset> parseSlot(Map<String, ?> partition, @Nullable Map<String, ?> offset) {
    Map<String, Object> expected =
        LogOffset.partition(config.tables().orders(), config.log().slot());
    if (offset == null) {
      return Optional.empty();
    }
    if (!partition.equals(expected)) {
      throw new IllegalArgumentException("expected the partition " + expected);
    }
    return Optional.of(LogOffset.of(offset));
  }

  private void withDatabase(DatabaseCheck check) {
    try (Connection connection = config.queryDatabase().connect(CONNECTION_NAME)) {
      check.run(connection, ServerInfo.readServerInfo(connection));
    } catch (SQLException | UnusableTablesException e) {
      log.warn("Offsets are altered without a check against the database: {}", e.getMessage());
    }
  }

  private void checkShards(
      Connection connection, ServerInfo server, Map<Map<String, ?>, ShardOffset> offsets)
      throws SQLException {
    OrderSchema schema = new SchemaReader(config.tables(), config.decimals()).load(connection);
    offsets.forEach(
        (partition, offset) -> {
          try {
            offset.requireOrderIdOf(schema.ids());
          } catch (IllegalArgumentException e) {
            throw refused(partition, String.valueOf(e.getMessage()), e);
          }
          refuseIf(partition, server.mismatch(config.tables().orders(), offset));
        });
  }

  private void checkSlot(
      Connection connection, ServerInfo server, Map<String, ?> partition, LogOffset offset)
      throws SQLException {
    if (server.standby()) {
      log.warn("An offset is altered without a check of the log: the server is a standby");
      return;
    }
    String slot = config.log().slot();
    refuseIf(
        partition,
        new SlotCheck(config.tables().orders(), slot)
            .mismatch(server.system(), WalStatus.readWalStatus(connection), offset));
    Optional<ReplicationSlot> found = ReplicationSlot.find(connection, slot);
    if (found.isEmpty()) {
      throw refused(
          partition,
          "the replication slot %s does not exist, so the log is not kept; only all offsets can be reset (DELETE /connectors/NAME/offsets): then all orders are captured again"
              .formatted(slot),
          null);
    }
    Lsn confirmed = found.get().confirmedLsn();
    if (confirmed == null || confirmed.isAfter(offset.lsn())) {
      throw refused(
          partition,
          "lsn: %s is before %s, to which the replication slot %s is confirmed, and the server no longer has the log before. To emit it again, all orders have to be captured again: reset all offsets (DELETE /connectors/NAME/offsets)"
              .formatted(offset.lsn(), confirmed == null ? "the position" : confirmed, slot),
          null);
    }
  }

  private static void refuseIf(Map<String, ?> partition, Optional<String> problem) {
    if (problem.isPresent()) {
      throw refused(partition, problem.get(), null);
    }
  }

  private static ConnectException refused(
      Map<String, ?> partition, String problem, @Nullable Throwable cause) {
    return new ConnectException("Offset of partition " + partition + " refused: " + problem, cause);
  }
}
