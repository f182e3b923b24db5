package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The type of order IDs is changed while a task runs. */
class ChangedOrderIdTypeTest {

  private static final long BEYOND_INTEGER = 3_000_000_000L;

  @Test
  void statementsOfTheRunbookMakeRoomForLargerIds() throws SQLException, IOException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.INTEGER);
        RunningSink sink = RunningSink.on(database)) {
      // Given
      database.stock("A", 10);
      sink.put(Events.order(1L, 1, "PLACED", "A:1"), Events.payment(1L, 1, "PAID"));

      // When
      database.execute(runbook());
      database.execute(RepositoryFile.read("config-examples/sql/warehouse-install.sql"));
      sink.put(
          Events.order(2L, 1, "PLACED", "A:1"),
          Events.order(BEYOND_INTEGER, 1, "PLACED", "A:1"),
          Events.order(1L, 2, "SHIPPED", "A:1"));

      // Then
      assertEquals(List.of(), sink.reported());
      assertEquals(
          List.of("1|2", "2|1", BEYOND_INTEGER + "|1"),
          database.rows("SELECT order_id, version FROM order_inventory ORDER BY 1"));
      assertEquals(List.of("A|9|2"), database.stock());
      assertEquals(List.of(), database.drift());
    }
  }

  @Test
  void newOrdersAreWrittenWithTheNewType() throws SQLException, IOException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.INTEGER);
        RunningSink sink = RunningSink.on(database)) {
      // Given
      sink.put(Events.payment(1L, 1, "PAID"));

      // When: no ID needs the larger type
      database.execute(runbook());
      sink.put(Events.payment(2L, 1, "PAID"), Events.payment(3L, 1, "PAID"));

      // Then
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of("3"), database.rows("SELECT count(*) FROM payments"));
    }
  }

  @Test
  void numbersBecomeText() throws SQLException, IOException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = RunningSink.on(database)) {
      // Given
      sink.put(Events.payment(1L, 1, "PAID"));

      // When
      database.execute(runbook().replace("bigint", "text"));
      sink.put(Events.payment(2L, 1, "PAID"), Events.payment("A-3", 1, "PAID"));

      // Then
      assertEquals(List.of(), sink.reported());
      assertEquals(
          List.of("1", "2", "A-3"), database.rows("SELECT order_id FROM payments ORDER BY 1"));
    }
  }

  private static String runbook() throws IOException {
    return Pattern.compile("```sql warehouse\\n(.*?)```", Pattern.DOTALL)
        .matcher(RepositoryFile.read("docs/operations/order-id-type.md"))
        .results()
        .map(found -> found.group(1))
        .filter(sql -> sql.contains("ALTER TABLE"))
        .findFirst()
        .orElseThrow();
  }
}
