package io.orderflow.source.log.slot;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that understands replication commands as well as SQL, the latter by the simple
 * protocol only. Any thread may close it, whatever another is doing with it.
 */
public final class ReplicationConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReplicationConnection.class);

  /** Fit for all servers that the capture takes. */
  private static final String LEAST_VERSION = "14";

  /** From here on pgoutput can leave out what was replicated to the shop from elsewhere. */
  private static final int KNOWS_ORIGIN = 160_000;

  private static final int KNOWS_FAILOVER = 170_000;

  /** A slot comes into being when the transactions that write at that moment have ended. */
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
   * @param settings as for other connections; several hosts and {@code targetServerType} work too
   * @param applicationName what {@code pg_stat_replication} shows
   */
  public static ReplicationConnection open(DatabaseSettings settings, String applicationName)
      throws SQLException {
    Connection connection =
        settings
            .withDriverDefault("replication", "database")
            .withDriverDefault("preferQueryMode", "simple")
            .withDriverDefault("assumeMinServerVersion", LEAST_VERSION)
            .connect(applicationName);
    try {
      TextOutput.set(connection);
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
   * A slot that has just been made.
   *
   * @param consistentLsn from here on the slot tells what is committed
   * @param snapshot {@code pg_snapshot} as text: a transaction that it shows is not in the stream,
   *     and one that it does not show is, if it commits
   */
  public record Created(long consistentLsn, String snapshot) {}

  /**
   * Makes a slot for pgoutput; waits until all transactions that write at this moment have ended.
   * When the connection is closed meanwhile, the slot may come into being nevertheless.
   *
   * @param failover whether standbys keep a copy of it; only PostgreSQL 17 and later can
   */
  public Created createSlot(String slot, boolean failover) throws SQLException {
    boolean standbysToo = failover && version >= KNOWS_FAILOVER;
    return create(
        Identifiers.quote(slot) + " LOGICAL pgoutput",
        standbysToo ? "(SNAPSHOT 'use', FAILOVER true)" : "USE_SNAPSHOT");
  }

  /**
   * Makes a slot that ends with this connection, for its place and its snapshot; waits as {@link
   * #createSlot} does.
   */
  public Created createTemporarySlot() throws SQLException {
    String name = "orderflow_temporary_" + connection.unwrap(PGConnection.class).getBackendPID();
    return create(name + " TEMPORARY LOGICAL pgoutput", "USE_SNAPSHOT");
  }

  private Created create(String slot, String options) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, CREATION_TIMEOUT_MS);
    try (Statement statement = connection.createStatement()) {
      // As the subscriptions of PostgreSQL do it; the slot's snapshot becomes the transaction's.
      statement.execute("BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ");
      long consistent =
          Lsn.parse(
              text(
                  statement,
                  "CREATE_REPLICATION_SLOT %s %s".formatted(slot, options),
                  "consistent_point"));
      String snapshot =
          text(statement, "SELECT pg_current_snapshot()::text AS snapshot", "snapshot");
      statement.execute("COMMIT");
      return new Created(consistent, TransactionSnapshot.parse(snapshot).toString());
    }
  }

  /** Which log the server writes. */
  public TimelineHistory history() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String system;
      long timeline;
      try (ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
        row.next();
        system = row.getString("systemid");
        timeline = row.getLong("timeline");
      }
      return TimelineHistory.of(
          system,
          timeline,
          timeline == 1 ? "" : text(statement, "TIMELINE_HISTORY " + timeline, "content"));
    }
  }

  /**
   * Starts the stream of a slot; the connection is the stream's from then on.
   *
   * @param publication name as the catalogue has it
   * @param from everything that was committed before is left out
   * @param protocol version of pgoutput's protocol
   * @throws SQLException of state 55006 while another process reads the slot
   */
  public LogStream stream(String slot, String publication, long from, int protocol)
      throws SQLException {
    PGConnection driver = connection.unwrap(PGConnection.class);
    // A time-out within a message would cut it in two. Without one, only LogStream's looks whether
    // a message has begun are limited in time.
    connection.setNetworkTimeout(Runnable::run, 0);
    LogSequenceNumber start = LogSequenceNumber.valueOf(from);
    ChainedLogicalStreamBuilder builder =
        driver
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName(Identifiers.quote(slot))
            .withStartPosition(start)
            .withStatusInterval((int) LogStream.STATUS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
            // What is confirmed is for the caller to say.
            .withAutomaticFlush(false)
            .withSlotOption("proto_version", protocol)
            .withSlotOption("publication_names", literalPart(Identifiers.quote(publication)))
            .withSlotOption("binary", "false")
            .withSlotOption("messages", "false");
    if (version >= KNOWS_ORIGIN) {
      builder.withSlotOption("origin", "any");
    }
    return new LogStream(this, builder.start(), start, driver.getBackendPID());
  }

  /** The highest version of pgoutput's protocol that the server has. */
  public int highestProtocol() {
    return version >= 160_000 ? 4 : version >= 150_000 ? 3 : 2;
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

  /** The driver puts the values of options between quotes as they are. */
  private static String literalPart(String text) {
    return text.replace("'", "''");
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("The replication connection did not end in order", e);
    }
  }
}
