package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sink's connection ends in the middle of its transaction. */
@Timeout(60)
class KilledBackendTest {

  private static final int KILLS = 2;

  private WarehouseDatabase database;
  private Traffic traffic;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    traffic = new Traffic(database);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @ParameterizedTest
  @EnumSource
  void backendKilledInAStepCostsOnlyTime(FaultyStep step) throws Exception {
    try (CapturedLog log = CapturedLog.begin();
        RunningSink sink = RunningSink.on(database)) {
      // Given: once for rows that are new, once for rows that are there
      for (int round = 0; round < 2; round++) {
        step.install(database, FaultyStep.KILL, KILLS);

        // When
        sink.deliver(traffic.next());

        // Then
        traffic.assertAppliedOnce(sink);
        assertTrue(FaultyStep.passed(database) > KILLS);
      }
      assertEquals(2, log.warnings().size(), "a line for each outage: " + log.warnings());
    }
  }

  @Test
  void backendKilledWhileItReadsCostsOnlyTime() throws Exception {
    for (String table : List.of("payments", "order_inventory", "stock")) {
      try (RunningSink sink = RunningSink.on(database);
          Connection other = DriverManager.getConnection(database.url(), "postgres", "postgres");
          Statement statement = other.createStatement()) {
        // Given
        other.setAutoCommit(false);
        statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");

        // When
        sink.deliver(traffic.next());
        Eventually.until(
            () ->
                !database
                    .rows(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE wait_event = 'relation' AND application_name = 'sink'"
                            + " AND datname = current_database()")
                    .isEmpty());
        other.rollback();

        // Then
        traffic.assertAppliedOnce(sink);
      }
    }
  }
}
