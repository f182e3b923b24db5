package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.ReplicatedShop;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.LogOffset;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The primary is lost, and its standby, which has a copy of the slot, is promoted. */
@Timeout(120)
class LogFailoverTest {

  private static final String SLOT = "emitted_snapshot";
  private static final int KEEPS_SLOTS = 170_000;

  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private ReplicatedShop servers;
  private CaptureRun run;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        Integer.parseInt(Postgres.newShop().value("SHOW server_version_num")) >= KEEPS_SLOTS,
        "needs PostgreSQL 17 or later: mvn -B test -pl connector-orders-source -am");
    servers = ReplicatedShop.start();
    servers.shop().run(Shop.TABLES);
    servers.shop().run("INSERT INTO orders VALUES (1, 'NEW')");
    run =
        new CaptureRun(
            servers
                .shop()
                .logSettings(
                    Map.of(
                        "slot.name",
                        SLOT,
                        "slot.failover",
                        "true",
                        "database.connection.timeout.ms",
                        "500",
                        "retry.backoff.ms",
                        "100",
                        "retry.backoff.max.ms",
                        "500")),
            offsets);
    assertEquals(List.of("1 NEW"), texts(run.records(1)));
    servers.awaitCopyOf(SLOT, run::commit);
  }

  @AfterEach
  void stop() throws IOException {
    if (run != null) {
      run.close();
    }
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  void captureContinuesWithTheStandbysCopyOfTheSlot() throws Exception {
    // Given
    servers.neverBehind();
    servers.shop().run("INSERT INTO orders VALUES (2, 'NEW')");
    List<SourceRecord> before = run.records(1);
    servers.shop().run("UPDATE orders SET status = 'PAID' WHERE id = 1");

    // When
    servers.failOver();
    servers.shop().run("INSERT INTO orders VALUES (3, 'NEW')");
    List<SourceRecord> after = run.recordsUntil("3 NEW");

    // Then
    // The standby streams what was committed and not emitted, and nothing else.
    assertEquals(List.of("2 NEW"), texts(before));
    assertEquals(List.of("1 PAID", "3 NEW"), texts(after));
    assertEquals(2L, offsets.values().iterator().next().get("timeline"));
  }

  @Test
  void standbyThatWasBehindIsRefusedEvenAfterItsLogHasGrownPastTheOffset() throws Exception {
    // Given
    servers.cutOff();
    servers.shop().run("INSERT INTO orders VALUES (2, 'LOST')");
    List<SourceRecord> emitted = run.records(1);

    // When
    servers.failOver();
    servers.growPast(String.valueOf(offsets.values().iterator().next().get("lsn")));
    ConnectException failure =
        assertThrows(
            ConnectException.class,
            () -> {
              for (int i = 0; i < 500; i++) {
                assertEquals(List.of(), run.poll());
              }
            });

    // Then
    assertEquals(List.of("2 LOST"), texts(emitted));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("lost transactions"), message);
    assertTrue(message.contains("is on timeline 2, which left it at"), message);
    assertTrue(LogOffset.of(offsets.values().iterator().next()).timeline() == 1, message);
  }

  private static List<String> texts(List<SourceRecord> records) {
    return records.stream()
        .map(record -> record.key() + " " + ((Struct) record.value()).get("status"))
        .toList();
  }
}
