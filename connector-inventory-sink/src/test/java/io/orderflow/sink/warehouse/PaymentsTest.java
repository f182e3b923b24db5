package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaymentsTest {

  private WarehouseDatabase database;
  private RunningSink sink;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    sink = RunningSink.on(database);
  }

  @AfterEach
  void close() throws SQLException {
    sink.close();
    database.close();
  }

  @Test
  void paymentIsKeptWithAllItsFields() throws SQLException {
    // When
    sink.put(Events.payment(1L, 3, "PAID"));

    // Then
    assertEquals(
        List.of("1|3|PAID|19.90|EUR|acme-pay|ref-1|null|null|null"),
        database.rows(
            "SELECT order_id, version, status, amount, currency, provider, reference, due,"
                + " due_currency, due_version FROM payments"));
  }

  @Test
  void dueAndPaidAreKeptUnderVersionsOfTheirOwn() throws SQLException {
    // Given
    sink.put(Events.order(1L, 7, "PLACED"), Events.payment(1L, 2, "PAID"));

    // When: each older than its own, though not than the other
    sink.put(Events.order(1L, 6, "CANCELLED"), Events.payment(1L, 1, "PENDING"));
    sink.put(Events.payment(1L, 3, "REFUNDED"), Events.order(1L, 5, "CANCELLED"));

    // Then
    assertEquals(
        List.of("1|3|REFUNDED|19.90|7"),
        database.rows("SELECT order_id, version, status, due, due_version FROM payments"));
  }

  @Test
  void eachKindMayComeFirst() throws SQLException {
    // When
    sink.put(Events.order(1L, 1, "PLACED"));
    sink.put(Events.payment(1L, 1, "PAID"));
    sink.put(Events.payment(2L, 1, "PAID"));
    sink.put(Events.order(2L, 1, "PLACED"));

    // Then
    assertEquals(
        List.of("1|PAID|19.90", "2|PAID|19.90"),
        database.rows("SELECT order_id, status, due FROM payments ORDER BY 1"));
  }

  @Test
  void storedAmountsAreNotRead() throws SQLException {
    // Given
    String read =
        new PaymentSql(WarehouseDatabase.TABLES.payments(), new OrderIdColumn(OrderIdType.BIGINT))
            .read();

    // When
    List<String> plan =
        database.rows("EXPLAIN (VERBOSE, COSTS OFF) " + read.replace("(?::", "('{1}'::"));

    // Then
    String output =
        plan.stream().filter(line -> line.contains("Output:")).findFirst().orElseThrow();
    assertTrue(output.contains("due_version"), output);
    assertFalse(output.matches(".*\\b(amount|due)\\b.*"), output);
  }

  @Test
  void newestOfABatchWins() throws SQLException {
    // Given
    SinkRecord[] batch = {
      Events.payment(1L, 2, "PAID"), Events.payment(1L, 3, "REFUNDED"), Events.payment(1L, 1, "NEW")
    };

    // When
    sink.put(batch);

    // Then
    assertEquals(List.of("3|REFUNDED"), database.rows("SELECT version, status FROM payments"));
  }
}
