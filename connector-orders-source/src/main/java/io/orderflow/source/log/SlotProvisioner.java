package io.orderflow.source.log;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.handover.QueryOffsets;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.log.slot.SlotVerdict;
import io.orderflow.source.log.slot.TimelineHistory;
import io.orderflow.source.log.slot.WalStatus;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that there is a slot to read from, and that it tells all that has not been told.
 *
 * @param told by queries, before
 */
record SlotProvisioner(LogPlan plan, DatabaseSettings settings, QueryOffsets told) {

  private static final String ANOTHER_SERVER = "the server is another one for now";

  Publication publication() {
    return new Publication(plan.publication(), plan.tables());
  }

  /** Makes a missing publication; before the slot, which knows only those of its own time. */
  void publish() throws SQLException {
    if (!plan.autocreate()) {
      return;
    }
    try (Connection connection = settings.connect(name("publication"))) {
      if (!publication().exists(connection)) {
        publication().create(connection);
      }
    }
  }

  /**
   * Checks the slot, or makes it where nothing has ever been told from it.
   *
   * @param stored where an earlier capture stood; null to begin
   * @return where to begin
   * @throws UnusableTablesException when changes would be passed over or repeated
   */
  LogOffset ready(Connection connection, @Nullable LogOffset stored) throws SQLException {
    ServerInfo server = primary(connection);
    SlotVerdict verdict = verdict(connection, server, stored);
    if (verdict instanceof SlotVerdict.Lost lost) {
      throw new UnusableTablesException(lost.key(), lost.message());
    }
    if (verdict instanceof SlotVerdict.Busy busy) {
      throw new SQLTransientException(busy.message(), "55006");
    }
    if (stored == null) {
      told.requireEndBefore(
          server.system(), WalStatus.of(connection).lsn(), plan.tables().version() == null);
    }
    if (verdict instanceof SlotVerdict.Unused) {
      ReplicationSlot.drop(connection, plan.slot());
    }
    return stored == null ? created(server) : stored;
  }

  /**
   * The position with what the publication is now.
   *
   * @throws UnusableTablesException when the tables were not in it all the time: nothing else
   *     tells, since the log of that time is without them
   */
  LogOffset published(LogOffset position, String membership) {
    String before = position.published();
    if (before != null && !before.equals(membership)) {
      throw new UnusableTablesException(
          "publication.name",
          "expected the publication %s to have had %s ever since they are captured (%s), found that it was altered, made anew or was without one of them for a while (now %s). Changes of that time may be missing. Stop the connector and reset its offsets (DELETE /connectors/NAME/offsets): all orders are captured anew. Or, where you know that no order was changed meanwhile, take \"publication\" out of the offset"
              .formatted(
                  plan.publication(),
                  publication().published().stream()
                      .map(TableName::toString)
                      .collect(Collectors.joining(" and ")),
                  before,
                  membership));
    }
    return position.published(membership);
  }

  /**
   * The position on the timeline that the server writes now.
   *
   * @param connection to the server that is to send the stream; not always the one that was checked
   * @throws UnusableTablesException when what was told is not in its past
   */
  LogOffset onTimeline(ReplicationConnection connection, LogOffset position) throws SQLException {
    TimelineHistory history = connection.history();
    if (!history.system().equals(position.system())) {
      throw new SQLTransientException(ANOTHER_SERVER);
    }
    Optional<String> branchedOff =
        new SlotCheck(plan.tables().orders(), plan.slot()).branchedOff(history, position);
    if (branchedOff.isPresent()) {
      throw new UnusableTablesException("database.url", branchedOff.get());
    }
    return position.onTimeline(history.timeline());
  }

  private SlotVerdict verdict(Connection connection, ServerInfo server, @Nullable LogOffset stored)
      throws SQLException {
    return new SlotCheck(plan.tables().orders(), plan.slot())
        .verdict(
            server.system(),
            WalStatus.of(connection),
            stored,
            ReplicationSlot.find(connection, plan.slot()).orElse(null));
  }

  private static ServerInfo primary(Connection connection) throws SQLException {
    ServerInfo server = ServerInfo.of(connection);
    if (server.version() < ServerInfo.LEAST_VERSION) {
      throw new UnusableTablesException(
          "database.url",
          "expected PostgreSQL 14 or later, found server_version_num " + server.version());
    }
    if (server.standby()) {
      throw new SQLTransientException("the server is a standby for now");
    }
    return server;
  }

  private LogOffset created(ServerInfo server) throws SQLException {
    try (ReplicationConnection connection = ReplicationConnection.open(settings, name("slot"))) {
      ReplicationConnection.Created slot = connection.createSlot(plan.slot(), plan.failover());
      return new LogOffset(
          slot.consistentLsn(),
          0,
          server.system(),
          plan.load() || told.turn() >= 0 ? slot.snapshot() : null,
          null,
          told.turn() + 1,
          null,
          0);
    }
  }

  /** Checks a server that another connection has reached. */
  void requireSameServer(Connection connection, LogOffset position) throws SQLException {
    ServerInfo server = primary(connection);
    if (!server.system().equals(position.system())) {
      throw new SQLTransientException(ANOTHER_SERVER);
    }
  }

  private String name(String what) {
    return "orderflow-orders-source " + plan.name() + " " + what;
  }
}
