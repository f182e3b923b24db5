package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Another transaction has written rows of payments that the sink could not see when it looked them
 * up, and ends while the sink waits to write the same ones.
 */
@Timeout(60)
class GuardedInsertsTest {

  /** The statement that waits for the other transaction. */
  private static final String WAITING =
      """
      SELECT split_part(query, ' ', 1) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'""";

  private WarehouseDatabase database;
  private Connection other;
  private RunningSink sink;

  /** The sink has met such a row once, and so guards its inserts from now on. */
  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    other = DriverManager.getConnection(database.url(), "postgres", "postgres");
    other.setAutoCommit(false);
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("apply.concurrency", "1");
    sink = RunningSink.with(settings, new FakeSinkContext(true));
    write("(0, 1, 'PENDING', NULL, NULL)");
    deliverUntilOneWaits("COPY", Events.payment(0L, 2, "PAID"));
    other.commit();
    sink.put();
    assertEquals(List.of("0|2|PAID|null|null"), payments());
  }

  @AfterEach
  void close() throws SQLException {
    sink.close();
    other.close();
    database.close();
  }

  @Test
  void rowsThatTurnUpAreComparedLikeAnyOther() throws SQLException {
    // Given: older than the sink's, newer, and without a payment
    write(
        "(1, 1, 'PENDING', NULL, NULL), (2, 9, 'REFUNDED', NULL, NULL), (3, NULL, NULL, 19.90, 4)");
    deliverUntilOneWaits(
        "INSERT",
        Events.payment(1L, 2, "PAID"),
        Events.payment(2L, 2, "PAID"),
        Events.payment(3L, 2, "PAID"),
        Events.payment(4L, 2, "PAID"));

    // When
    other.commit();
    sink.put();

    // Then
    assertEquals(
        List.of(
            "0|2|PAID|null|null",
            "1|2|PAID|null|null",
            "2|9|REFUNDED|null|null",
            "3|2|PAID|19.90|4",
            "4|2|PAID|null|null"),
        payments());
    assertEquals(List.of(), sink.reported());
    assertEquals(0, sink.context().metric("outages-total"));
  }

  @Test
  void rowsThatAreTakenBackAreTheSinksOwn() throws SQLException {
    // Given
    write("(1, 9, 'REFUNDED', 19.90, 4)");
    deliverUntilOneWaits("INSERT", Events.payment(1L, 2, "PAID"), Events.payment(2L, 2, "PAID"));

    // When
    other.rollback();
    sink.put();

    // Then
    assertEquals(
        List.of("0|2|PAID|null|null", "1|2|PAID|null|null", "2|2|PAID|null|null"), payments());
    assertEquals(List.of(), sink.reported());
  }

  /** Without committing. */
  private void write(String rows) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(
          "INSERT INTO payments (order_id, version, status, due, due_version) VALUES " + rows);
    }
  }

  private void deliverUntilOneWaits(String statement, SinkRecord... records) throws SQLException {
    sink.deliver(List.of(records));
    Eventually.until(
        () -> {
          sink.poll();
          return !database.rows(WAITING).isEmpty();
        });
    assertEquals(List.of(statement), database.rows(WAITING));
  }

  private List<String> payments() throws SQLException {
    return database.rows(
        "SELECT order_id, version, status, due, due_version FROM payments ORDER BY order_id");
  }
}
