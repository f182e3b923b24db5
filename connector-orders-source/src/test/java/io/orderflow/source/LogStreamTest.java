package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.log.slot.LogStream;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.log.slot.ReplicationConnection.Created;
import io.orderflow.source.log.slot.ReplicationSlot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogStreamTest {

  private final Shop shop = Postgres.newShop();
  private final SlotRun run = SlotRun.of(shop);

  @BeforeEach
  void publish() {
    shop.run(Shop.TABLES);
    shop.run(
        "CREATE TABLE other (n int); CREATE PUBLICATION \"it's ours\" FOR TABLE orders, order_items");
  }

  @AfterEach
  void drop() throws Exception {
    for (int i = 0; i < 50 && slot().activePid() != null; i++) {
      Thread.sleep(20);
    }
    run.drop();
  }

  @Test
  void tellsWhatWasCommittedSinceTheSlotWasMade() throws Exception {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'before')");
    Created created = run.create();
    shop.run("INSERT INTO orders VALUES (2, 'after'); INSERT INTO orders VALUES (3, 'after')");

    // When
    List<String> inserted;
    try (LogStream stream = open(created.consistentLsn())) {
      inserted = SlotRun.inserted(stream, run.end());
    }

    // Then
    assertEquals(List.of("2", "3"), inserted);
  }

  @Test
  void startsWhereItIsTold() throws Exception {
    // Given
    run.create();
    shop.run("INSERT INTO orders VALUES (1, 'told')");
    long told = run.end();
    shop.run("INSERT INTO orders VALUES (2, 'new')");

    // When
    List<String> inserted;
    try (LogStream stream = open(told)) {
      inserted = SlotRun.inserted(stream, run.end());
    }

    // Then
    assertEquals(List.of("2"), inserted);
  }

  @Test
  void movesOnWhileOnlyOtherTablesChangeAndTheSlotFollowsWhatIsConfirmed() throws Exception {
    // Given
    Created created = run.create();
    try (LogStream stream = open(created.consistentLsn())) {
      shop.run("INSERT INTO other SELECT generate_series(1, 1000)");
      long end = run.end();

      // When
      List<String> inserted = SlotRun.inserted(stream, end);
      long untouched = Objects.requireNonNull(slot().confirmedLsn());
      stream.confirm(end);
      for (int i = 0; i < 50 && Objects.requireNonNull(slot().confirmedLsn()) < end; i++) {
        stream.read();
      }

      // Then
      assertEquals(List.of(), inserted);
      assertEquals(created.consistentLsn(), untouched);
      assertEquals(end, slot().confirmedLsn());
      assertEquals(stream.pid(), slot().activePid());
    }
  }

  @Test
  void survivesTheServersPatienceWhileItsReaderIsHeldUp() throws Exception {
    // Given
    Created created = run.create();
    shop.run("ALTER ROLE postgres SET wal_sender_timeout = '2s'");
    try (LogStream stream = open(created.consistentLsn())) {
      shop.run("ALTER ROLE postgres RESET wal_sender_timeout");
      // More than the buffers of both sides hold.
      shop.run("INSERT INTO orders SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) n");

      // When
      for (int i = 0; i < 60; i++) {
        stream.keepAlive();
        Thread.sleep(100);
      }

      // Then
      assertEquals(20_000, SlotRun.inserted(stream, run.end()).size());
    } finally {
      shop.run("ALTER ROLE postgres RESET wal_sender_timeout");
    }
  }

  @Test
  void closeFromAnotherThreadEndsARead() throws Exception {
    // Given
    Created created = run.create();
    LogStream stream = open(created.consistentLsn());
    CompletableFuture<SQLException> end =
        CompletableFuture.supplyAsync(
            () ->
                assertThrows(
                    SQLException.class,
                    () -> {
                      while (true) {
                        stream.read();
                      }
                    }));
    Thread.sleep(200);

    // When
    stream.close();

    // Then
    assertLost(end.get(2, TimeUnit.SECONDS));
  }

  @Test
  void serverThatEndsTheStreamIsALostConnection() throws Exception {
    // Given
    Created created = run.create();
    try (LogStream stream = open(created.consistentLsn())) {
      // When
      shop.run("SELECT pg_terminate_backend(" + stream.pid() + ")");

      // Then
      assertLost(assertThrows(SQLException.class, () -> SlotRun.inserted(stream, Long.MAX_VALUE)));
    }
  }

  @Test
  void slotThatAnotherProcessReadsIsTriedAgainLater() throws Exception {
    // Given
    Created created = run.create();
    try (LogStream first = open(created.consistentLsn());
        ReplicationConnection second = run.connect()) {
      // When
      SQLException failure =
          assertThrows(
              SQLException.class,
              () -> second.stream(run.slot(), "it's ours", created.consistentLsn(), 1));

      // Then
      assertEquals(FailureClass.TRANSIENT, SqlFailures.classify(failure));
      assertTrue(first.pid() != 0);
    }
  }

  @Test
  void valuesAreWrittenInOneWayWhateverTheRoleHasSet() throws Exception {
    // Given
    shop.run(
        """
        CREATE TABLE forms (a text, b timestamptz, c interval, d float8, e bytea, f date);
        CREATE PUBLICATION forms FOR TABLE forms;
        ALTER ROLE postgres SET TimeZone = 'Asia/Tokyo'; ALTER ROLE postgres SET IntervalStyle = 'sql_standard';
        ALTER ROLE postgres SET bytea_output = 'escape'; ALTER ROLE postgres SET DateStyle = 'SQL, DMY'""");
    Created created = run.create();
    shop.run(
        "INSERT INTO forms VALUES ('x', '2026-01-02 03:04:05Z', '1 day 2 hours', 0.1::float8 + 0.2, '\\x0102', '2026-01-02')");

    // When
    String text = "";
    try (LogStream stream = connectForms(created)) {
      while (!text.startsWith("I")) {
        ByteBuffer message = stream.read();
        text = message == null ? "" : StandardCharsets.ISO_8859_1.decode(message).toString();
      }
    } finally {
      shop.run("ALTER ROLE postgres RESET ALL");
    }

    // Then
    for (String part :
        List.of(
            "2026-01-02 03:04:05+00",
            "1 day 02:00:00",
            "0.30000000000000004",
            "\\x0102",
            "2026-01-02")) {
      assertTrue(text.contains(part), text + " has " + part);
    }
  }

  @Test
  void failoverIsAskedForOnlyWhereTheServerKnowsIt() throws Exception {
    // Given
    boolean knows = Integer.parseInt(shop.value("SHOW server_version_num")) >= 170_000;

    // When
    try (ReplicationConnection connection = run.connect()) {
      connection.createSlot(run.slot(), true);
    }

    // Then
    assertEquals(knows, slot().failover());
    assertNotNull(slot().heldBack());
    assertEquals("pgoutput", slot().plugin());
  }

  private LogStream connectForms(Created created) throws SQLException {
    return run.stream("forms", created.consistentLsn());
  }

  private LogStream open(long from) throws SQLException {
    return run.stream("it's ours", from);
  }

  private ReplicationSlot slot() throws SQLException {
    try (Connection connection = shop.connect()) {
      return ReplicationSlot.find(connection, run.slot()).orElseThrow();
    }
  }

  private static void assertLost(SQLException failure) {
    assertEquals(FailureClass.TRANSIENT, SqlFailures.classify(failure), failure::toString);
  }
}
