package io.orderflow.source.handover;

import io.orderflow.source.catalog.SchemaReader;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.log.slot.SlotVerdict;
import io.orderflow.source.log.slot.WalStatus;
import io.orderflow.source.offset.HandoverMark;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts shards behind what was told from the log.
 *
 * @param log how far that is
 */
public record ShardTakeover(OrdersSourceConfig config, LogOffset log) {

  private static final String NAME = "orderflow-orders-source takeover";

  /** Those of some shards of which the log was told last. */
  public List<Integer> behind(List<Integer> shards, Map<Integer, ShardOffset> stored) {
    return shards.stream()
        .filter(
            shard -> {
              ShardOffset position = stored.get(shard);
              return position == null || position.turn() < log.turn();
            })
        .toList();
  }

  /**
   * Positions from which on the shards tell what the log has not. Waits for all transactions that
   * write at this moment.
   *
   * @throws UnusableTablesException where something would be lost or repeated
   */
  public Map<Integer, ShardOffset> of(List<Integer> shards) throws SQLException {
    requireDone();
    ShardOffset position;
    try (Connection connection = config.queryDatabase().connect(NAME)) {
      ServerInfo server = ServerInfo.of(connection);
      requireSlot(connection, server);
      OrderSchema layout = new SchemaReader(config.tables(), config.decimals()).load(connection);
      Publication publication = new Publication(config.log().publication(), config.tables());
      EmittedTransactions.Told told =
          new EmittedTransactions(config.queryDatabase(), publication, config.log().slot(), NAME)
              .before(log.lsn());
      position =
          ShardOffset.after(
              told.snapshot(),
              layout.idType(),
              config.shards(),
              server.system(),
              new HandoverMark(
                  log.turn() + 1,
                  told.lsn() - told.snapshot().xmin() + 1,
                  told.snapshot().toString()));
    }
    Map<Integer, ShardOffset> positions = new TreeMap<>();
    shards.forEach(shard -> positions.put(shard, position));
    return positions;
  }

  private void requireDone() {
    if (log.loading() || log.done() > 0) {
      throw new UnusableTablesException(
          CaptureSettings.CAPTURE,
          "expected capture=log to have told %s before another capture takes over, found that it is in the middle of it; set capture=log until its offset has %s"
              .formatted(
                  log.loading() ? "all orders of its load" : "whole transactions",
                  log.loading() ? "no \"snapshot\"" : "\"emitted_in_transaction\" 0"));
    }
  }

  private void requireSlot(Connection connection, ServerInfo server) throws SQLException {
    if (server.standby()) {
      throw new SQLTransientException("the server is a standby for now");
    }
    String slot = config.log().slot();
    SlotVerdict verdict =
        new SlotCheck(config.tables().orders(), slot)
            .verdict(
                server.system(),
                WalStatus.of(connection),
                log,
                ReplicationSlot.find(connection, slot).orElse(null));
    if (verdict instanceof SlotVerdict.Lost lost) {
      throw new UnusableTablesException(lost.key(), lost.message());
    }
    if (verdict instanceof SlotVerdict.Busy busy) {
      throw new SQLTransientException(busy.message(), "55006");
    }
  }
}
