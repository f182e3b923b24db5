package io.orderflow.source;

import static org.awaitility.Awaitility.await;

import io.orderflow.common.fixture.TestPostgres;
import io.orderflow.source.offset.Lsn;
import java.time.Duration;

/** A shop on a primary with a hot standby. Whoever connects gets to the one that is primary. */
final class ReplicatedShop implements AutoCloseable {

  private static final String PHYSICAL_SLOT = "standby";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestPostgres primary;
  private final TestPostgres standby;

  private ReplicatedShop(TestPostgres primary, TestPostgres standby) {
    this.primary = primary;
    this.standby = standby;
  }

  /** Starts both; the standby keeps copies of slots. For PostgreSQL 17 and later. */
  static ReplicatedShop start() {
    TestPostgres primary = TestPostgres.start("wal_level=logical", "fsync=off");
    primary.stopFast();
    TestPostgres standby =
        primary.standby(
            "primary_slot_name = '%s'".formatted(PHYSICAL_SLOT),
            "hot_standby_feedback = on",
            "wal_receiver_status_interval = 1",
            "sync_replication_slots = on");
    primary.restart();
    primary.execute(
        "SELECT pg_create_physical_replication_slot('%s', true)".formatted(PHYSICAL_SLOT));
    standby.restart("wal_level=logical", "fsync=off");
    return new ReplicatedShop(primary, standby);
  }

  /** On the server that is primary now. */
  Shop shop() {
    return new Shop(
        "jdbc:postgresql://%s,%s/postgres?targetServerType=primary"
            .formatted(primary.address(), standby.address()));
  }

  /** Commits, and captured changes, wait for the standby from now on. */
  void neverBehind() {
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.execute("ALTER SYSTEM SET synchronized_standby_slots = '%s'".formatted(PHYSICAL_SLOT));
    primary.execute("SELECT pg_reload_conf()");
  }

  /** Waits until the standby has a copy of a slot that it keeps after a promotion. */
  void awaitCopyOf(String slot, Runnable meanwhile) {
    String copied =
        "SELECT coalesce(bool_or(NOT temporary AND synced), false) FROM pg_replication_slots WHERE slot_name = '%s'"
            .formatted(slot);
    await("the standby has a copy of the slot")
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(
            () -> {
              // The standby catches up with the slot's xmin in the meantime.
              primary.execute("SELECT pg_log_standby_snapshot()");
              meanwhile.run();
              return holds(standby, copied);
            });
  }

  /** The standby receives nothing more. */
  void cutOff() {
    standby.execute("ALTER SYSTEM SET sync_replication_slots = off");
    standby.execute("ALTER SYSTEM SET primary_conninfo = ''");
    standby.execute("SELECT pg_reload_conf()");
    await("the standby receives nothing")
        .atMost(PATIENCE)
        .until(() -> holds(standby, "SELECT count(*) = 0 FROM pg_stat_wal_receiver"));
  }

  /** The primary dies, and the standby takes its place. */
  void failOver() {
    primary.killHard();
    standby.promote();
  }

  /** Writes until the primary's log has grown past a place. */
  void growPast(String lsn) {
    while (Lsn.parse(shop().value("SELECT pg_current_wal_lsn()")) <= Lsn.parse(lsn)) {
      shop().run("CREATE TABLE IF NOT EXISTS other (n int); INSERT INTO other VALUES (1)");
    }
  }

  private static boolean holds(TestPostgres server, String condition) {
    return new Shop(server.url("postgres")).value(condition).equals("t");
  }

  @Override
  public void close() {
    standby.close();
    primary.close();
  }
}
