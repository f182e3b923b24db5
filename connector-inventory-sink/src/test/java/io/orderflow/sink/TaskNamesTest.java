package io.orderflow.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TaskNamesTest {

  @Test
  void sessionsAndThreadsCarryTheNumberOfTheirTask() throws SQLException {
    // Given
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      InventorySinkConnector connector = new InventorySinkConnector();
      connector.start(RunningSink.settings(database));
      List<Map<String, String>> tasks = connector.taskConfigs(2);

      // When
      try (RunningSink first = RunningSink.with(tasks.get(0), new FakeSinkContext(true));
          RunningSink second = RunningSink.with(tasks.get(1), new FakeSinkContext(true))) {
        first.put(Events.payment(1L, 1, "PAID"));
        second.put(Events.payment(2L, 1, "PAID"));

        // Then
        assertEquals(
            List.of("sink-0", "sink-1"),
            database.rows(
                """
                SELECT DISTINCT application_name FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name LIKE 'sink%' ORDER BY 1"""));
        Set<String> threads =
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toSet());
        assertTrue(
            threads.containsAll(Set.of("sink-0-worker-0", "sink-1-worker-0")), threads::toString);
      }
    }
  }
}
