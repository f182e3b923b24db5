package io.orderflow.source.log.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.SlotRun;
import io.orderflow.source.log.slot.ReplicationConnection.CreatedSlot;
import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
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
        "CREATE TABLE other (n int); CREATE PUBLICATION \"it's ours\" FOR TABLE orders,"
            + " order_items");
  }

  @AfterEach
  void drop() throws Exception {
    for (int i = 0; i < 50 && slot().activePid() != null; i++) {
      Thread.sleep(20);
    }
    run.drop();
  }

  @Test
  void streamsTransactionsThatCommitAfterTheSlotsCreation() throws Exception {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'before')");
    CreatedSlot created = run.create();
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
  void startsAtTheRequestedPosition() throws Exception {
    // Given
    run.create();
    shop.run("INSERT INTO orders VALUES (1, 'emitted')");
    Lsn emitted = run.end();
    shop.run("INSERT INTO orders VALUES (2, 'new')");

    // When
    List<String> inserted;
    try (LogStream stream = open(emitted)) {
      inserted = SlotRun.inserted(stream, run.end());
    }

    // Then
    assertEquals(List.of("2"), inserted);
  }

  @Test
  void advancesWhileOnlyOtherTablesChangeAndTheSlotFollowsTheAcknowledgedPosition()
      throws Exception {
    // Given
    CreatedSlot created = run.create();
    try (LogStream stream = open(created.consistentLsn())) {
      shop.run("INSERT INTO other SELECT generate_series(1, 1000)");
      Lsn end = run.end();

      // When
      List<String> inserted = SlotRun.inserted(stream, end);
      Lsn untouched = Objects.requireNonNull(slot().confirmedLsn());
      stream.acknowledge(end);
      for (int i = 0; i < 50 && Objects.requireNonNull(slot().confirmedLsn()).isBefore(end); i++) {
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
  void outlivesWalSenderTimeoutWhileItsReaderIsBlocked() throws Exception {
    // Given
    CreatedSlot created = run.create();
    shop.run("ALTER ROLE postgres SET wal_sender_timeout = '2s'");
    try (LogStream stream = open(created.consistentLsn())) {
      shop.run("ALTER ROLE postgres RESET wal_sender_timeout");
      // More than fits into the buffers of both sides.
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
    CreatedSlot created = run.create();
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
  void streamThatTheServerEndsIsALostConnection() throws Exception {
    // Given
    CreatedSlot created = run.create();
    try (LogStream stream = open(created.consistentLsn())) {
      // When
      shop.run("SELECT pg_terminate_backend(" + stream.pid() + ")");

      // Then
      assertLost(
          assertThrows(
              SQLException.class, () -> SlotRun.inserted(stream, new Lsn(Long.MAX_VALUE))));
    }
  }

  @Test
  void slotThatAnotherProcessReadsIsATransientFailure() throws Exception {
    // Given
    CreatedSlot created = run.create();
    try (LogStream first = open(created.consistentLsn());
        ReplicationConnection second = run.connect()) {
      // When
      SQLException failure =
          assertThrows(
              SQLException.class,
              () -> second.stream(run.slot(), "it's ours", created.consistentLsn()));

      // Then
      assertEquals(FailureClass.TRANSIENT, SqlFailures.classify(failure));
      assertTrue(first.pid() != 0);
    }
  }

  @Test
  void textOfValuesDoesNotDependOnSettingsOfTheRole() throws Exception {
    // Given
    shop.run(
        """
        CREATE TABLE formats (a text, b timestamptz, c interval, d float8, e bytea, f date);
        CREATE PUBLICATION formats FOR TABLE formats;
        ALTER ROLE postgres SET TimeZone = 'Asia/Tokyo'; ALTER ROLE postgres SET IntervalStyle = 'sql_standard';
        ALTER ROLE postgres SET bytea_output = 'escape'; ALTER ROLE postgres SET DateStyle = 'SQL, DMY'\
        """);
    CreatedSlot created = run.create();
    shop.run(
        "INSERT INTO formats VALUES ('x', '2026-01-02 03:04:05Z', '1 day 2 hours', 0.1::float8 +"
            + " 0.2, '\\x0102', '2026-01-02')");

    // When
    String text = "";
    try (LogStream stream = openFormats(created)) {
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
  void failoverIsRequestedOnlyOfServersThatSupportIt() throws Exception {
    // Given
    boolean supported = Integer.parseInt(shop.value("SHOW server_version_num")) >= 170_000;

    // When
    run.create(Map.of("slot.failover", "true"));

    // Then
    assertEquals(supported, slot().failover());
    assertNotNull(slot().retainedBytes());
    assertEquals("pgoutput", slot().plugin());
  }

  private LogStream openFormats(CreatedSlot created) throws SQLException {
    return run.stream("formats", created.consistentLsn());
  }

  private LogStream open(Lsn from) throws SQLException {
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
