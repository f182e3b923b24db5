package io.orderflow.source.log.slot;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.source.catalog.AttachedPartitions;
import io.orderflow.source.catalog.TableFiles;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.CapturedTables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for replication commands and, by the simple protocol only, SQL. Any thread may close
 * it while another uses it.
 */
public final class ReplicationConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReplicationConnection.class);

  /** The protocol version of pgoutput: whole transactions, in the order of their commits. */
  private static final int PROTOCOL = 1;

  /** The oldest server version that capture supports. */
  private static final String MIN_VERSION = "14";

  /**
   * From this version on pgoutput has an option for changes that were replicated from elsewhere.
   */
  private static final int KNOWS_ORIGIN = 160_000;

  private static final int KNOWS_FAILOVER = 170_000;

  /** The creation of a slot waits for all transactions that are writing. */
  private static final int CREATION_TIMEOUT_MS = 600_000;

  private final Connection connection;
  private final int version;

  private ReplicationConnection(Connection connection, int version) {
    this.connection = connection;
    this.version = version;
  }

  /**
   * Connects.
   *
   * @param settings as for other connections, since both have to write the same texts; several
   *     hosts and {@code targetServerType} work too
   * @param applicationName what {@code pg_stat_replication} shows
   */
  public static ReplicationConnection open(DatabaseSettings settings, String applicationName)
      throws SQLException {
    Connection connection =
        settings
            .withRequired(
                Map.of(
                    "replication", "database",
                    "preferQueryMode", "simple",
                    "assumeMinServerVersion", MIN_VERSION,
                    // A savepoint would come before the slot's snapshot.
                    "autosave", "never"))
            .connect(applicationName);
    try {
      return new ReplicationConnection(connection, version(connection));
    } catch (SQLException | RuntimeException failure) {
      try {
        connection.close();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
  }

  /**
   * A new slot.
   *
   * @param consistentLsn the position from which the slot streams commits
   * @param snapshot {@code pg_snapshot} as text: the stream contains every transaction that it does
   *     not show, if it commits, and none that it shows
   * @param tableFiles see {@link TableFiles}, as the snapshot shows them
   * @param partitions see {@link AttachedPartitions}, as the snapshot shows them
   */
  public record CreatedSlot(
      Lsn consistentLsn, String snapshot, String tableFiles, String partitions) {}

  /**
   * Creates a slot for pgoutput; waits until all transactions that are writing have ended. If the
   * connection is closed meanwhile, the slot may be created nevertheless.
   *
   * @param settings name, and whether standbys keep a copy of it, which PostgreSQL 17 introduced
   */
  public CreatedSlot createSlot(LogSettings settings, CapturedTables tables) throws SQLException {
    boolean failover = settings.failover() && version >= KNOWS_FAILOVER;
    return create(
        Identifiers.quote(settings.slot()) + " LOGICAL pgoutput",
        failover ? "(SNAPSHOT 'use', FAILOVER true)" : "USE_SNAPSHOT",
        TableFiles.sql(tables),
        AttachedPartitions.sql(tables));
  }

  /**
   * Creates a slot that ends with this connection, for its position and its snapshot; waits as
   * {@link #createSlot} does.
   */
  public CreatedSlot createTemporarySlot() throws SQLException {
    String name = "orderflow_temporary_" + connection.unwrap(PGConnection.class).getBackendPID();
    return create(
        name + " TEMPORARY LOGICAL pgoutput",
        "USE_SNAPSHOT",
        "SELECT '' AS files",
        "SELECT '' AS partitions");
  }

  private CreatedSlot create(String slot, String options, String tableFiles, String partitionOids)
      throws SQLException {
    connection.setNetworkTimeout(Runnable::run, CREATION_TIMEOUT_MS);
    try (Statement statement = connection.createStatement()) {
      // PostgreSQL's subscriptions do the same; the slot's snapshot becomes the transaction's.
      statement.execute("BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ");
      Lsn consistent =
          Lsn.parse(
              text(
                  statement,
                  "CREATE_REPLICATION_SLOT %s %s".formatted(slot, options),
                  "consistent_point"));
      String snapshot =
          text(statement, "SELECT pg_current_snapshot()::text AS snapshot", "snapshot");
      String files = text(statement, tableFiles, "files");
      String partitions = text(statement, partitionOids, "partitions");
      statement.execute("COMMIT");
      return new CreatedSlot(
          consistent, TransactionSnapshot.parse(snapshot).toString(), files, partitions);
    }
  }

  /** Reads which log the server writes. */
  public TimelineHistory readTimelineHistory() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String system;
      long timeline;
      try (ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
        row.next();
        system = row.getString("systemid");
        timeline = row.getLong("timeline");
      }
      return TimelineHistory.parse(
          system,
          timeline,
          timeline == 1 ? "" : text(statement, "TIMELINE_HISTORY " + timeline, "content"));
    }
  }

  /**
   * Starts the stream of a slot, which owns the connection from then on.
   *
   * @param publication the name, as in PostgreSQL's catalog
   * @param from the stream leaves out transactions that committed before this position
   * @throws SQLException of state 55006 while another process reads the slot
   */
  public LogStream stream(String slot, String publication, Lsn from) throws SQLException {
    PGConnection driver = connection.unwrap(PGConnection.class);
    // A timeout within a message would cut it in two. Without a network timeout, the driver limits
    // only the wait for the start of a message.
    connection.setNetworkTimeout(Runnable::run, 0);
    LogSequenceNumber start = LogSequenceNumber.valueOf(from.value());
    ChainedLogicalStreamBuilder builder =
        driver
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName(Identifiers.quote(slot))
            .withStartPosition(start)
            .withStatusInterval((int) LogStream.STATUS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
            // The caller acknowledges positions.
            .withAutomaticFlush(false)
            .withSlotOption("proto_version", PROTOCOL)
            .withSlotOption("publication_names", literalPart(Identifiers.quote(publication)))
            .withSlotOption("binary", "false")
            .withSlotOption("messages", "false");
    if (version >= KNOWS_ORIGIN) {
      builder.withSlotOption("origin", "any");
    }
    return new LogStream(this, builder.start(), from, driver.getBackendPID());
  }

  private static String text(Statement statement, String command, String column)
      throws SQLException {
    try (ResultSet row = statement.executeQuery(command)) {
      row.next();
      return row.getString(column);
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return Integer.parseInt(text(statement, "SHOW server_version_num", "server_version_num"));
    }
  }

  /** Doubles quotes, since the driver puts values between quotes without escaping them. */
  private static String literalPart(String text) {
    return text.replace("'", "''");
  }

  /** Ends the command that another thread waits for, if there is one, with an error. */
  public void cancel() {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      log.debug("Failed to cancel a replication command", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("Failed to close the replication connection", e);
    }
  }
}
