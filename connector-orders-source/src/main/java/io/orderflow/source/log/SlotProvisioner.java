package io.orderflow.source.log;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.handover.HandoverToLog;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.slot.ReplicationSlot;
import io.orderflow.source.log.slot.SlotCheck;
import io.orderflow.source.log.slot.SlotCheck.SlotState;
import io.orderflow.source.log.slot.TimelineHistory;
import io.orderflow.source.log.slot.WalStatus;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Provides the publication and the slot, and checks that they contain every change. One thread at a
 * time provides; any may close, which ends the creation of a slot.
 */
final class SlotProvisioner implements AutoCloseable {

  private static final Duration MAX_CANCEL = Duration.ofSeconds(1);
  private static final Duration CANCEL_INTERVAL = Duration.ofMillis(20);

  private static final String ANOTHER_SERVER = "another server has answered at the moment";

  private final OrdersSourceConfig config;
  private final LogSettings settings;
  private final DatabaseSettings database;
  private final HandoverToLog handover;
  private final SlotCheck slotCheck;
  private final Publication publication;

  /** Null unless a slot is being created. */
  private volatile @Nullable ReplicationConnection creating;

  private volatile boolean closed;

  SlotProvisioner(OrdersSourceConfig config, HandoverToLog handover) {
    this.config = config;
    this.settings = config.log();
    this.database = config.queryDatabase();
    this.handover = handover;
    this.slotCheck = new SlotCheck(config.tables().orders(), settings.slot());
    this.publication = new Publication(settings.publication(), config.tables());
  }

  Publication publication() {
    return publication;
  }

  /**
   * Creates a missing publication. Must precede the creation of the slot, whose stream can only use
   * publications that existed when it was created.
   *
   * @param readOnly finds out whether it is missing
   */
  void createMissingPublication(Database readOnly) throws SQLException {
    if (!settings.autocreate() || readOnly.transaction(publication::exists)) {
      return;
    }
    try (Connection connection = database.connect(name("publication"))) {
      publication.create(connection);
    }
  }

  /**
   * Checks the slot if capture resumes from it; otherwise creates it, after dropping an unused one.
   *
   * @param resumed the stored offset; null to start with a new slot
   * @return the offset to start from
   * @throws UnusableTablesException if changes would be skipped or repeated
   */
  LogOffset provideSlot(Connection connection, @Nullable LogOffset resumed) throws SQLException {
    ServerInfo server = ServerInfo.readServerInfo(connection);
    server.requirePrimary();
    SlotState state = slotCheck.readState(connection, server.system(), resumed);
    SlotCheck.requireUsable(state);
    if (resumed != null) {
      return resumed;
    }
    handover.requireQueryEndedBefore(server.system(), WalStatus.readWalStatus(connection).lsn());
    if (state instanceof SlotState.Unused) {
      ReplicationSlot.drop(connection, settings.slot());
    }
    return createSlot(server);
  }

  private LogOffset createSlot(ServerInfo server) throws SQLException {
    try (ReplicationConnection connection = ReplicationConnection.open(database, name("slot"))) {
      creating = connection;
      // Read after the assignment: either close() finds the connection, or this finds it closed.
      if (closed) {
        throw new SQLTransientException("the task was stopped before it created the slot");
      }
      ReplicationConnection.CreatedSlot slot = connection.createSlot(settings, config.tables());
      boolean snapshot = !config.capture().fromNow() || handover.followsQuery();
      return LogOffset.start(
              slot.consistentLsn(),
              server.system(),
              snapshot ? slot.snapshot() : null,
              snapshot ? slot.tableFiles() : null,
              handover.nextEpoch())
          .withPartitions(slot.partitions());
    } finally {
      creating = null;
    }
  }

  /**
   * The offset with the publication's current membership.
   *
   * @throws UnusableTablesException if the tables were unpublished for a while: the stream lacks
   *     their changes of that time, and nothing else shows it
   */
  LogOffset withMembership(LogOffset offset, String membership) {
    String before = offset.publication();
    if (before != null && Publication.isInterrupted(before, membership)) {
      String tables =
          publication.published().stream()
              .map(TableName::toString)
              .collect(Collectors.joining(" and "));
      throw new UnusableTablesException(
          LogSettings.PUBLICATION,
          "the publication %s was altered, recreated or without a table for a while: it has to publish %s from the start of capture (was %s, is %s). Changes of that time may be missing. Stop the connector and reset its offsets (DELETE /connectors/NAME/offsets): then all orders are captured again. Or, if you know that no order was changed meanwhile, remove \"publication\" from the offset"
              .formatted(settings.publication(), tables, before, membership));
    }
    return offset.withPublication(membership);
  }

  /**
   * The offset with the current partitions, and with a snapshot of those that were attached.
   *
   * @throws UnusableTablesException if a partition was detached or dropped, which stops capture
   */
  LogOffset withPartitions(Connection connection, LogOffset offset) throws SQLException {
    return new PartitionChanges(config.tables(), settings.ignoresPartitionRemoval())
        .apply(connection, offset);
  }

  /**
   * The offset with the server's current timeline.
   *
   * @param connection a connection to the server that will send the stream, which may be another
   *     one than the server that was checked
   * @throws UnusableTablesException if the server's history lacks emitted changes
   */
  LogOffset withTimeline(ReplicationConnection connection, LogOffset offset) throws SQLException {
    TimelineHistory history = connection.readTimelineHistory();
    if (!history.system().equals(offset.system())) {
      throw new SQLTransientException(ANOTHER_SERVER);
    }
    Optional<String> branchedOff = slotCheck.branchedOff(history, offset);
    if (branchedOff.isPresent()) {
      throw new UnusableTablesException(DatabaseSettings.URL, branchedOff.get());
    }
    return offset.withTimeline(history.timeline());
  }

  /** Checks that a connection has reached the primary of the offset's cluster. */
  void requireSameServer(Connection connection, LogOffset offset) throws SQLException {
    ServerInfo server = ServerInfo.readServerInfo(connection);
    server.requirePrimary();
    if (!server.system().equals(offset.system())) {
      throw new SQLTransientException(ANOTHER_SERVER);
    }
  }

  private String name(String purpose) {
    return "orderflow-orders-source %s %s".formatted(config.name(), purpose);
  }

  @Override
  public void close() {
    closed = true;
    ReplicationConnection connection = creating;
    // A request that arrives between two commands has no effect, and a server that waits in a
    // command does not notice a closed connection: it would wait for as long as transactions run.
    long deadline = System.nanoTime() + MAX_CANCEL.toNanos();
    while (connection != null && System.nanoTime() - deadline < 0) {
      connection.cancel();
      LockSupport.parkNanos(CANCEL_INTERVAL.toNanos());
      connection = creating;
    }
  }
}
