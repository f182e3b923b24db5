package io.orderflow.sink.warehouse;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeDeadLetterQueue.Answer;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.FakeSinkContext.Reported;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The type of order IDs, or another column, is changed while a task runs. */
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
      assertEquals(0, sink.context().metric("lag-seconds"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"UNANSWERED", "NOT_SENT"})
  void recordsAreReadAgainAlthoughADeadLetterIsNotWritten(Answer answer) throws Exception {
    // Given: a bad record that the queue does not confirm, and a good one that waits
    FakeSinkContext context = new FakeSinkContext(true);
    context.queue().answer(answer);
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.INTEGER)) {
      Map<String, String> settings = RunningSink.settings(database);
      settings.put("batch.linger.ms", "300");
      try (RunningSink sink = RunningSink.with(settings, context)) {
        SinkRecord bad = Events.order(1L, 1, "NO_SUCH_STATUS", "A:1");
        SinkRecord good = Events.payment(2L, 1, "PAID");
        sink.deliver(List.of(bad, good));
        database.execute(runbook());
        for (int round = 0; round < 12; round++) {
          Thread.sleep(50);
          sink.poll();
        }
        assertTrue(context.isPaused());
        assertFalse(sink.isSettled());

        // When
        context.queue().answer(Answer.WRITTEN);
        sink.put(Events.payment(BEYOND_INTEGER, 1, "PAID"));

        // Then
        assertEquals(Set.of(bad), sink.reported().stream().map(Reported::record).collect(toSet()));
        assertEquals(
            List.of("2", Long.toString(BEYOND_INTEGER)),
            database.rows("SELECT order_id FROM payments ORDER BY 1"));
      }
    }
  }

  @Test
  void changeRightAfterABadRecordIsNoticed() throws SQLException, IOException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.INTEGER);
        RunningSink sink = RunningSink.on(database)) {
      // Given: the tables were read because of a bad record
      database.execute("ALTER TABLE payments ADD CHECK (order_id <> 7)");
      SinkRecord bad = Events.payment(7L, 1, "PAID");
      sink.put(bad, Events.payment(8L, 1, "PAID"));

      // When: they change within the second after that
      database.execute(runbook());
      sink.put(Events.payment(9L, 1, "PAID"), Events.payment(10L, 1, "PAID"));

      // Then
      assertEquals(List.of(bad), sink.reported().stream().map(Reported::record).toList());
      assertEquals(
          List.of("8", "9", "10"), database.rows("SELECT order_id FROM payments ORDER BY 1"));
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

  /** Columns that are changed while a task runs, and what it says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "ALTER TABLE payments ALTER version TYPE integer ~ version of type bigint, found int4",
        "ALTER TABLE payments ALTER status TYPE jsonb USING to_jsonb(status) ~ found jsonb",
        "ALTER TABLE payments ALTER amount TYPE float8 ~ amount of type numeric, found float8",
        "DROP VIEW stock_drift, order_inventory_lines, order_inventory_units, order_inventory_expiring; ALTER TABLE order_inventory ALTER reserved TYPE"
            + " integer[] ~ reserved of type bigint[], found _int4",
        "DROP VIEW stock_drift, order_inventory_lines, order_inventory_units, order_inventory_expiring; ALTER TABLE order_inventory ALTER on_hand_delta"
            + " TYPE numeric[] ~ on_hand_delta of type bigint[], found _numeric",
        "ALTER TABLE payments RENAME provider TO supplier ~ lacks the column provider",
        "ALTER TABLE payments DROP reference ~ lacks the column reference",
        "ALTER TABLE payments RENAME TO other ~ lacks the tables [public.payments]",
        "ALTER TABLE payments ADD shop text NOT NULL DEFAULT ''; ALTER TABLE payments ALTER shop DROP"
            + " DEFAULT ~ null value in column \"shop\"",
      })
  void changeThatTheSinkCannotFollowStopsTheTask(String change, String words) throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = RunningSink.on(database)) {
      // Given
      database.stock("A", 10);
      sink.put(Events.order(1L, 1, "PLACED", "A:1"), Events.payment(1L, 1, "PAID"));

      // When
      database.execute(change);
      ConnectException stopped =
          assertThrows(
              ConnectException.class,
              () ->
                  sink.put(
                      Events.order(1L, 2, "PLACED", "A:2"),
                      Events.payment(2L, 1, "PAID"),
                      Events.payment(3L, 1, "PAID")));

      // Then: no record is at fault
      assertTrue(String.valueOf(stopped.getMessage()).contains(words), stopped::toString);
      assertEquals(List.of(), sink.reported());
    }
  }

  @Test
  void tableThatIsCreatedAgainIsWritten() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = RunningSink.on(database)) {
      // Given
      sink.put(Events.payment(1L, 1, "PAID"));

      // When
      database.execute(
          "ALTER TABLE payments RENAME TO old; CREATE TABLE payments (LIKE old INCLUDING ALL);"
              + " DROP TABLE old CASCADE");
      sink.put(Events.payment(1L, 2, "PAID"), Events.payment(2L, 1, "PAID"));

      // Then
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of("1|2", "2|1"), database.rows("SELECT order_id, version FROM payments"));
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
