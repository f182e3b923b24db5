package io.orderflow.source;

import io.orderflow.source.catalogue.LayoutLoader;
import io.orderflow.source.catalogue.ShopServer;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.LogPosition;
import io.orderflow.source.event.ShardPosition;
import io.orderflow.source.event.Takeover;
import io.orderflow.source.event.UnusableTables;
import io.orderflow.source.log.slot.LogServer;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.log.slot.SlotVerdict;
import io.orderflow.source.log.slot.ToldTransactions;
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
record ShardTakeover(OrdersSourceConfig config, LogPosition log) {

  private static final String NAME = "orderflow-orders-source takeover";

  /** Those of some shards of which the log was told last. */
  List<Integer> behind(List<Integer> shards, Map<Integer, ShardPosition> stored) {
    return shards.stream()
        .filter(
            shard -> {
              ShardPosition position = stored.get(shard);
              return position == null || position.turn() < log.turn();
            })
        .toList();
  }

  /**
   * Positions from which on the shards tell what the log has not. Waits for all transactions that
   * write at this moment.
   *
   * @throws UnusableTables where something would be lost or repeated
   */
  Map<Integer, ShardPosition> of(List<Integer> shards) throws SQLException {
    requireDone();
    ShardPosition position;
    try (Connection connection = config.queryDatabase().connect(NAME)) {
      ShopServer server = ShopServer.of(connection);
      requireSlot(connection, server);
      Layout layout = new LayoutLoader(config.tables(), config.decimals()).load(connection);
      Publication publication = new Publication(config.log().publication(), config.tables());
      ToldTransactions.Told told =
          new ToldTransactions(config.queryDatabase(), publication, config.log().slot(), NAME)
              .before(log.lsn());
      position =
          ShardPosition.after(
              told.snapshot(),
              layout.idType(),
              config.shards(),
              server.system(),
              new Takeover(
                  log.turn() + 1,
                  told.lsn() - told.snapshot().xmin() + 1,
                  told.snapshot().toString()));
    }
    Map<Integer, ShardPosition> positions = new TreeMap<>();
    shards.forEach(shard -> positions.put(shard, position));
    return positions;
  }

  private void requireDone() {
    if (log.loading() || log.done() > 0) {
      throw new UnusableTables(
          CaptureSettings.CAPTURE,
          "expected capture=log to have told %s before another capture takes over, found that it is in the middle of it; set capture=log until its offset has %s"
              .formatted(
                  log.loading() ? "all orders of its load" : "whole transactions",
                  log.loading() ? "no \"load_snapshot\"" : "\"done\" 0"));
    }
  }

  private void requireSlot(Connection connection, ShopServer server) throws SQLException {
    if (server.standby()) {
      throw new SQLTransientException("the server is a standby for now");
    }
    String slot = config.log().slot();
    SlotVerdict verdict =
        new SlotCheck(config.tables().orders(), slot)
            .verdict(
                server.system(),
                LogServer.of(connection),
                log,
                ReplicationSlot.find(connection, slot).orElse(null));
    if (verdict instanceof SlotVerdict.Lost lost) {
      throw new UnusableTables(lost.key(), lost.message());
    }
    if (verdict instanceof SlotVerdict.Busy busy) {
      throw new SQLTransientException(busy.message(), "55006");
    }
  }
}
