package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.SlotRun;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Offsets of log capture; those of query capture are in OffsetsTest. */
class OffsetAlterationTest {

  @Test
  void offsetsAreAcceptedOnlyWithinTheLogThatTheSlotRetains() throws Exception {
    // Given
    Shop shop = Shop.withTables();
    SlotRun run = SlotRun.of(shop);
    Lsn created = run.create().consistentLsn();
    OrdersSourceConfig config =
        new OrdersSourceConfig(shop.logSettings(Map.of("slot.name", run.slot())));
    OffsetAlteration alteration = new OffsetAlteration(config);
    String system = shop.value("SELECT system_identifier FROM pg_control_system()");
    Map<String, Object> partition = LogOffset.partition(config.tables().orders(), run.slot());

    // When
    alteration.check(Map.of(partition, LogOffset.start(created, system, null, null, 0).toMap()));
    Map<Map<String, ?>, @Nullable Map<String, ?>> reset = new HashMap<>();
    reset.put(partition, null);
    alteration.check(reset);

    // Then
    String before = new Lsn(created.value() - 1).toString();
    assertRefused(alteration, partition, before, system, "no longer has the log before");
    assertRefused(alteration, partition, "FFFF/0", system, "lost transactions");
    assertRefused(alteration, partition, created.toString(), "7", "cluster 7");
    assertRefused(alteration, partition, "five", system, "pg_lsn");
    assertRefused(alteration, Map.of("table", "x"), created.toString(), system, "partition");
    run.drop();
    assertRefused(alteration, partition, created.toString(), system, "does not exist");
  }

  private static void assertRefused(
      OffsetAlteration alteration,
      Map<String, Object> partition,
      String lsn,
      String system,
      String part) {
    Map<String, Object> offset = Map.of("lsn", lsn, "system", system);
    ConnectException failure =
        assertThrows(ConnectException.class, () -> alteration.check(Map.of(partition, offset)));
    assertTrue(String.valueOf(failure.getMessage()).contains(part), failure.getMessage());
  }
}
