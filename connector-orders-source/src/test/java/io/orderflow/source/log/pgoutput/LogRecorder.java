package io.orderflow.source.log.pgoutput;

import io.orderflow.source.fixture.Shop;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** Records the messages that a server sends over replication while statements run. */
final class LogRecorder {

  private static final long QUIET_MILLIS = 400;

  private final Shop shop;
  private final List<String> lines = new ArrayList<>();

  LogRecorder(Shop shop) {
    this.shop = shop;
  }

  /** A line for each message: its bytes in hex, and the name of the statements. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * Runs statements in one connection and records the messages that the server sends for them.
   *
   * @param name of the statements in the recording
   */
  void record(String name, String... statements) {
    try (Connection replication = replicationConnection();
        Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      PGReplicationStream stream = start(replication);
      for (String sql : statements) {
        statement.execute(sql);
        flush();
        drain(stream, name);
      }
      stream.close();
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private Connection replicationConnection() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("replication", "database");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "14");
    return DriverManager.getConnection(shop.url(), properties);
  }

  private static PGReplicationStream start(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE_REPLICATION_SLOT recorder TEMPORARY LOGICAL pgoutput");
    }
    return connection
        .unwrap(PGConnection.class)
        .getReplicationAPI()
        .replicationStream()
        .logical()
        .withSlotName("recorder")
        .withSlotOption("proto_version", "1")
        .withSlotOption("publication_names", "recorded,recorded_generated")
        .withSlotOption("messages", "true")
        .start();
  }

  /** The server decodes only what it has flushed, and a commit flushes all before it. */
  private void flush() {
    shop.run("INSERT INTO unpublished VALUES ('flush')");
  }

  private void drain(PGReplicationStream stream, String comment)
      throws SQLException, InterruptedException {
    long quietSince = System.nanoTime();
    while (System.nanoTime() - quietSince < TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS)) {
      ByteBuffer message = stream.readPending();
      if (message == null) {
        Thread.sleep(10);
        continue;
      }
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      lines.add(HexFormat.of().formatHex(bytes) + " # " + comment);
      quietSince = System.nanoTime();
    }
  }
}
