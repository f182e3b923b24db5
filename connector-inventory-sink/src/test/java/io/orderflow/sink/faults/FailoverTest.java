package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.fixture.TestPostgres;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The primary is lost, and its standby is promoted. */
@Timeout(120)
class FailoverTest {

  @Test
  void recordsAreAppliedOnThePromotedStandby() throws Exception {
    // Given: what is committed is on the standby as well
    try (TestPostgres primary = TestPostgres.start()) {
      WarehouseDatabase database = WarehouseDatabase.installedOn(primary, OrderIdType.BIGINT);
      Traffic traffic = new Traffic(database);
      primary.stopFast();
      try (TestPostgres standby = primary.standby()) {
        primary.restart("synchronous_standby_names=*", "synchronous_commit=remote_apply");
        standby.restart();
        failOver(primary, standby, database, traffic);
      }
    }
  }

  private static void failOver(
      TestPostgres primary, TestPostgres standby, WarehouseDatabase database, Traffic traffic)
      throws Exception {
    Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
    settings.put(
        "database.url",
        "jdbc:postgresql://%s,%s/%s?targetServerType=primary"
            .formatted(primary.address(), standby.address(), database.name()));
    settings.put("retry.backoff.max.ms", "500");
    settings.put("database.connection.timeout.ms", "500");
    settings.put("batch.max.records", "10");
    try (CapturedLog log = CapturedLog.begin();
        RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(traffic.next());
      sink.deliver(traffic.next());

      // When
      primary.killHard();
      sink.deliver(traffic.next());
      Traffic.pollFor(Duration.ofSeconds(2), sink);
      standby.promote();

      // Then
      WarehouseDatabase promoted = database.on(standby);
      assertEquals(List.of("f"), promoted.rows("SELECT pg_is_in_recovery()"));
      traffic.assertAppliedOnce(sink, promoted);
      sink.deliver(traffic.next());
      traffic.assertAppliedOnce(sink, promoted);
      log.assertOneWarningForEachCause();
      assertTrue(sink.reported().isEmpty());
    }
  }
}
