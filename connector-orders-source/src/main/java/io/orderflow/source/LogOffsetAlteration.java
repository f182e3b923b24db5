package io.orderflow.source;

import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.log.slot.WalStatus;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks an offset of log capture that someone wants to store by hand. */
record LogOffsetAlteration(OrdersSourceConfig config, String slot) {

  private static final Logger log = LoggerFactory.getLogger(LogOffsetAlteration.class);

  /**
   * Lets pass what the connector could have stored itself; a null offset resets. While the database
   * is away, offsets are only checked for what can be seen without it.
   *
   * @throws ConnectException naming the first partition or offset that is at fault
   */
  void check(Map<Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
    Map<String, Object> ours = LogOffset.partition(config.tables().orders(), slot);
    offsets.forEach(
        (partition, offset) -> {
          if (offset != null && !partition.equals(ours)) {
            throw refused(partition, "expected the partition " + ours);
          }
          if (offset != null) {
            compareWithDatabase(partition, position(partition, offset));
          }
        });
  }

  private static LogOffset position(Map<String, ?> partition, Map<String, ?> offset) {
    try {
      return LogOffset.of(offset);
    } catch (IllegalArgumentException e) {
      throw refused(partition, String.valueOf(e.getMessage()));
    }
  }

  private void compareWithDatabase(Map<String, ?> partition, LogOffset position) {
    try (Connection connection = config.queryDatabase().connect("orderflow-offsets")) {
      ServerInfo server = ServerInfo.of(connection);
      if (server.standby()) {
        log.warn("An offset is altered without a look at the log: the server is a standby");
        return;
      }
      misfit(connection, server, position)
          .ifPresent(
              misfit -> {
                throw refused(partition, misfit);
              });
    } catch (SQLException e) {
      log.warn("An offset is altered without a look at the database: {}", e.getMessage());
    }
  }

  private Optional<String> misfit(Connection connection, ServerInfo server, LogOffset position)
      throws SQLException {
    Optional<String> other =
        new SlotCheck(config.tables().orders(), slot)
            .misfit(server.system(), WalStatus.of(connection), position);
    if (other.isPresent()) {
      return other;
    }
    Optional<ReplicationSlot> found = ReplicationSlot.find(connection, slot);
    if (found.isEmpty()) {
      return Optional.of(
          "expected the replication slot %s, without which the log is not kept, found none; only all offsets can be reset (DELETE /connectors/NAME/offsets), with which all orders are captured anew"
              .formatted(slot));
    }
    Long confirmed = found.get().confirmedLsn();
    return confirmed != null && confirmed <= position.lsn()
        ? Optional.empty()
        : Optional.of(
            "lsn: expected %s or later, to which the replication slot %s has been confirmed, found %s: the server has forgotten what was before. To tell it again, all orders have to be captured anew: reset all offsets (DELETE /connectors/NAME/offsets)"
                .formatted(
                    confirmed == null ? "a place in the log" : Lsn.format(confirmed),
                    slot,
                    Lsn.format(position.lsn())));
  }

  private static ConnectException refused(Map<String, ?> partition, String why) {
    return new ConnectException("Offset of partition " + partition + " refused: " + why);
  }
}
