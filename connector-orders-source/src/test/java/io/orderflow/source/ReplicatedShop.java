package io.orderflow.source;

import io.orderflow.source.offset.Lsn;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A shop on a primary with a hot standby. Whoever connects gets to the one that is primary. */
final class ReplicatedShop implements AutoCloseable {

  private static final String PHYSICAL_SLOT = "standby";
  private static final int ATTEMPTS = 600;

  private final Path folder;
  private final EmbeddedPostgres primary;
  private final EmbeddedPostgres standby;

  private ReplicatedShop(Path folder, EmbeddedPostgres primary, EmbeddedPostgres standby) {
    this.folder = folder;
    this.primary = primary;
    this.standby = standby;
  }

  /** Starts both; the standby keeps copies of slots. For PostgreSQL 17 and later. */
  static ReplicatedShop start() throws IOException {
    Path folder = Files.createTempDirectory("orderflow-replicated-");
    Path data = folder.resolve("primary");
    Path copy = folder.resolve("standby");
    server(data).close();
    copy(data, copy);
    EmbeddedPostgres primary = server(data);
    of(primary)
        .run("SELECT pg_create_physical_replication_slot('%s', true)".formatted(PHYSICAL_SLOT));
    Files.createFile(copy.resolve("standby.signal"));
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        """
        primary_conninfo = 'host=127.0.0.1 port=%d user=postgres dbname=postgres'
        primary_slot_name = '%s'
        hot_standby_feedback = on
        wal_receiver_status_interval = 1
        sync_replication_slots = on
        """
            .formatted(primary.getPort(), PHYSICAL_SLOT));
    EmbeddedPostgres standby = server(copy);
    return new ReplicatedShop(folder, primary, standby);
  }

  private static EmbeddedPostgres server(Path data) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setServerConfig("wal_level", "logical")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("fsync", "off")
        .start();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** On the server that is primary now. */
  Shop shop() {
    return new Shop(
        "jdbc:postgresql://localhost:%d,localhost:%d/postgres?targetServerType=primary"
            .formatted(primary.getPort(), standby.getPort()));
  }

  private static Shop of(EmbeddedPostgres server) {
    return new Shop("jdbc:postgresql://localhost:" + server.getPort() + "/postgres");
  }

  /** Commits, and captured changes, wait for the standby from now on. */
  void neverBehind() {
    of(primary).run("ALTER SYSTEM SET synchronous_standby_names = '*'");
    of(primary).run("ALTER SYSTEM SET synchronized_standby_slots = '%s'".formatted(PHYSICAL_SLOT));
    of(primary).run("SELECT pg_reload_conf()");
  }

  /** Waits until the standby has a copy of a slot that it keeps after a promotion. */
  void awaitCopyOf(String slot, Runnable meanwhile) throws InterruptedException {
    await(
        standby,
        "SELECT coalesce(bool_or(NOT temporary AND synced), false) FROM pg_replication_slots WHERE slot_name = '%s'"
            .formatted(slot),
        () -> {
          // What runs then lets the standby catch up with the slot's xmin.
          of(primary).run("SELECT pg_log_standby_snapshot()");
          meanwhile.run();
        });
  }

  /** The standby receives nothing more. */
  void cutOff() throws InterruptedException {
    of(standby).run("ALTER SYSTEM SET sync_replication_slots = off");
    of(standby).run("ALTER SYSTEM SET primary_conninfo = ''");
    of(standby).run("SELECT pg_reload_conf()");
    await(standby, "SELECT count(*) = 0 FROM pg_stat_wal_receiver", () -> {});
  }

  /** The primary dies, and the standby takes its place. */
  void failOver() throws IOException {
    killHard();
    of(standby).run("SELECT pg_promote()");
  }

  /** Writes until the primary's log has grown past a place. */
  void growPast(String lsn) {
    while (Lsn.parse(shop().value("SELECT pg_current_wal_lsn()")) <= Lsn.parse(lsn)) {
      shop().run("CREATE TABLE IF NOT EXISTS other (n int); INSERT INTO other VALUES (1)");
    }
  }

  private void killHard() throws IOException {
    Path pidFile = folder.resolve("primary").resolve("postmaster.pid");
    ProcessHandle postmaster =
        ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0).strip())).orElseThrow();
    List<ProcessHandle> backends = postmaster.children().toList();
    postmaster.destroyForcibly();
    backends.forEach(ProcessHandle::destroyForcibly);
    postmaster.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    Files.deleteIfExists(pidFile);
  }

  private static void await(EmbeddedPostgres server, String condition, Runnable meanwhile)
      throws InterruptedException {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (of(server).value(condition).equals("t")) {
        return;
      }
      meanwhile.run();
      Thread.sleep(50);
    }
    throw new AssertionError("not so within " + ATTEMPTS + " attempts: " + condition);
  }

  @Override
  public void close() throws IOException {
    standby.close();
    primary.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
