package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's disk is full. */
@Timeout(60)
class DiskFullTest {

  /** The error is raised by a trigger, on any machine. */
  @Test
  void serverThatSaysItsDiskIsFullIsWaitedFor() throws Exception {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      // Given
      Traffic traffic = new Traffic(database);
      FaultyStep.PAYMENTS.install(
          database, "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'", 3);

      try (RunningSink sink = RunningSink.on(database)) {
        // When
        sink.deliver(traffic.next());

        // Then
        traffic.assertAppliedOnce(sink);
      }
    }
  }

  /** With a file system of a few megabytes, if the user may mount one. */
  @Test
  void fullDiskIsWaitedFor() throws Exception {
    Path disk = Files.createTempDirectory("orderflow-disk-");
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()),
        "needs the right to mount, as root: mvn -B test -pl connector-inventory-sink -am"
            + " -Dtest=DiskFullTest -Dsurefire.failIfNoSpecifiedTests=false");
    try {
      onDisk(disk);
    } finally {
      run("umount", disk.toString());
      Files.delete(disk);
    }
  }

  private static void onDisk(Path disk) throws Exception {
    Path folder = Files.createDirectory(disk.resolve("tables"));
    Path ballast = disk.resolve("ballast");
    String space = "small_disk";
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      // Given: a table without a page is where no page is to be had
      Traffic traffic = new Traffic(database);
      database.execute("CREATE TABLESPACE %s LOCATION '%s'".formatted(space, folder));
      database.execute("ALTER TABLE payments SET TABLESPACE " + space);
      try (CapturedLog log = CapturedLog.begin();
          RunningSink sink = RunningSink.on(database)) {
        fill(ballast);

        // When
        sink.deliver(traffic.next());
        Traffic.pollFor(Duration.ofSeconds(1), sink);

        // Then
        assertFalse(sink.isSettled());
        assertEquals(1, log.with("SQLSTATE 53100").size());
        Files.delete(ballast);
        traffic.assertAppliedOnce(sink);
      }
      database.execute("ALTER TABLE payments SET TABLESPACE pg_default");
      database.execute("DROP TABLESPACE " + space);
    }
  }

  private static void fill(Path ballast) throws IOException {
    byte[] page = new byte[4_096];
    try (var out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      // Expected: the disk is full now.
      assertFalse(Files.size(ballast) == 0);
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
