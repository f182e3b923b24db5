package io.orderflow.source.log.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.SlotRun;
import io.orderflow.source.log.slot.SlotCheck.SlotState;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlotCheckTest {

  private final Shop shop = Postgres.newShop();
  private final SlotRun run = SlotRun.of(shop);
  private final String system = shop.value("SELECT system_identifier FROM pg_control_system()");

  @BeforeEach
  void tables() {
    shop.run(Shop.TABLES);
    shop.run("CREATE PUBLICATION orderflow FOR TABLE orders, order_items");
  }

  @AfterEach
  void drop() {
    shop.run(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '%s'"
            .formatted(run.slot()));
  }

  @Test
  void slotThatIsConfirmedUpToTheOffsetIsResumable() throws SQLException {
    // Given
    Lsn created = run.create().consistentLsn();

    // Then
    assertInstanceOf(SlotState.Resumable.class, state(at(created)));
    assertInstanceOf(SlotState.Unused.class, state(null));
  }

  @Test
  void missingSlotIsCreatedOnlyIfNothingWasEmitted() throws SQLException {
    // Then
    assertInstanceOf(SlotState.Missing.class, state(null));
    assertLost(state(at(run.end())), "slot.name", "does not exist");
  }

  @Test
  void slotThatWasAdvancedHasAGap() throws SQLException {
    // Given
    Lsn created = run.create().consistentLsn();
    shop.run("SET synchronous_commit = on; INSERT INTO orders VALUES (1, 'lost')");

    // When
    shop.run(
        "SELECT pg_replication_slot_advance('%s', pg_current_wal_lsn())".formatted(run.slot()));

    // Then
    assertLost(state(at(created)), "slot.name", "after the last captured position " + created);
  }

  @Test
  void recreatedSlotHasAGap() throws SQLException {
    // Given
    Lsn created = run.create().consistentLsn();
    run.drop();
    shop.run("SET synchronous_commit = on; INSERT INTO orders VALUES (1, 'lost')");

    // When
    run.create();

    // Then
    assertLost(state(at(created)), "slot.name", "it was recreated");
  }

  @Test
  void slotThatAnotherProcessReadsIsBusy() throws SQLException {
    // Given
    Lsn created = run.create().consistentLsn();

    try (LogStream stream = run.stream("orderflow", created)) {
      // When
      SlotState state = state(at(created));

      // Then
      assertTrue(
          assertInstanceOf(SlotState.Busy.class, state)
              .message()
              .contains(Integer.toString(stream.pid())));
    }
    awaitIdle();
  }

  @Test
  void slotOfAnotherPluginIsNotTouched() throws SQLException {
    // Given
    shop.run("SELECT pg_create_physical_replication_slot('%s')".formatted(run.slot()));

    // Then
    assertLost(state(null), "slot.name", "physical");
  }

  @Test
  void slotOfAnotherDatabaseIsNotTouched() throws SQLException {
    // Given
    new SlotRun(Postgres.newShop(), run.slot()).create();

    // When
    SlotState state = state(null);

    // Then
    assertLost(state, "slot.name", "of the database");
    String database = Objects.requireNonNull(slot()).database();
    new Shop(shop.url().replaceAll("/shop_\\d+", "/" + database))
        .run("SELECT pg_drop_replication_slot('" + run.slot() + "')");
  }

  @Test
  void invalidatedSlotIsLost() throws SQLException {
    // Given
    Lsn created = run.create().consistentLsn();
    ReplicationSlot valid = Objects.requireNonNull(slot());
    ReplicationSlot invalid =
        new ReplicationSlot(
            valid.plugin(),
            valid.database(),
            false,
            null,
            valid.confirmedLsn(),
            "lost",
            "wal_removed",
            null,
            false);

    // When
    SlotState state = check().state(system, server(), at(created), invalid);

    // Then
    assertLost(state, "slot.name", "max_slot_wal_keep_size");
  }

  @Test
  void serverWithAnotherLogIsRefused() throws SQLException {
    // Given
    Lsn created = run.create().consistentLsn();

    // When
    SlotState otherCluster =
        check().state("1", server(), at(created), Objects.requireNonNull(slot()));
    SlotState behind = state(at(new Lsn(1L << 60)));

    // Then
    assertLost(otherCluster, "database.url", "restore");
    assertLost(behind, "database.url", "lost transactions");
  }

  @Test
  void logThatBranchedOffBeforeTheOffsetIsRefused() {
    // Given
    TimelineHistory history =
        new TimelineHistory(system, 3, Map.of(1L, new Lsn(100), 2L, new Lsn(200)));

    // Then
    assertTrue(branchedOff(history, at(90)).isEmpty(), "an offset without a timeline");
    assertTrue(branchedOff(history, at(900).withTimeline(3)).isEmpty());
    assertTrue(
        branchedOff(history, at(100).withTimeline(1)).isEmpty(), "all before 100 is emitted");
    assertTrue(
        branchedOff(history, at(99).withinTransaction(new Lsn(99), 1).withTimeline(1)).isEmpty());
    assertTrue(branchedOff(history, at(101).withTimeline(1)).contains("left it at 0/64"));
    assertTrue(
        branchedOff(history, at(90).withinTransaction(new Lsn(100), 1).withTimeline(1))
            .contains("lost transactions"),
        "a transaction that committed at 100 and is partly emitted");
    assertTrue(branchedOff(history, at(1).withTimeline(4)).contains("does not come from it"));
  }

  private String branchedOff(TimelineHistory history, LogOffset stored) {
    return check().branchedOff(history, stored).orElse("");
  }

  private SlotState state(@Nullable LogOffset stored) throws SQLException {
    return check().state(system, server(), stored, slot());
  }

  private SlotCheck check() {
    return new SlotCheck(TableName.parse("orders"), run.slot());
  }

  private WalStatus server() throws SQLException {
    try (Connection connection = shop.connect()) {
      assertEquals(system, ServerInfo.readServerInfo(connection).system());
      return WalStatus.readWalStatus(connection);
    }
  }

  private @Nullable ReplicationSlot slot() throws SQLException {
    try (Connection connection = shop.connect()) {
      return ReplicationSlot.find(connection, run.slot()).orElse(null);
    }
  }

  private void awaitIdle() throws SQLException {
    for (int i = 0; i < 1000; i++) {
      ReplicationSlot found = slot();
      if (found == null || found.activePid() == null) {
        return;
      }
    }
  }

  private LogOffset at(long lsn) {
    return at(new Lsn(lsn));
  }

  private LogOffset at(Lsn lsn) {
    return LogOffset.start(lsn, system, null, null, 0);
  }

  private static void assertLost(SlotState state, String key, String named) {
    SlotState.Lost lost = assertInstanceOf(SlotState.Lost.class, state);
    assertEquals(key, lost.key());
    assertTrue(lost.message().contains(named), lost.message());
  }
}
