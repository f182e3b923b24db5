package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.FakeSinkContext.Reported;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Several payments of an order, each with an ID of its own. */
class OrderPaymentsTest {

  private static final String BALANCE =
      "SELECT order_id, currency, due, paid, refunded, open FROM payments_balance ORDER BY 1, 2";

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.withPaymentIds(OrderIdType.BIGINT);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  static Map<String, String> settings(WarehouseDatabase database) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("payment.id.field", "id");
    settings.put("payment.status.reversed", "REVERSED");
    return settings;
  }

  private RunningSink sink() {
    return RunningSink.with(settings(database), new FakeSinkContext(true));
  }

  /**
   * Records as {@code ID version order status amount currency}, {@code due order version amount
   * currency} or {@code delete ID version}, with {@code -} for null, and the rows of the view. Each
   * history is applied record by record and as one batch, forwards and backwards, and replayed.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "due 1 1 100.00 EUR; a 1 1 PAID 60.00 EUR; b 1 1 CAPTURED 40.00 EUR"
            + " ~ 1|EUR|100.00|100.00|0|0.00",
        "due 1 1 100 EUR; a 1 1 PAID 100 EUR; r 1 1 REFUNDED 30 EUR ~ 1|EUR|100|100|30|30",
        "due 1 1 100 EUR; a 1 1 PAID 100 EUR; r 1 1 REFUNDED -30 EUR ~ 1|EUR|100|100|30|30",
        "due 1 1 100 EUR; a 1 1 PAID 100 EUR; r 1 1 PAID -30 EUR ~ 1|EUR|100|100|30|30",
        "due 1 1 100 EUR; a 1 1 PAID 100 EUR; a 2 1 REVERSED 100 EUR ~ 1|EUR|100|100|100|100",
        "due 1 1 100 EUR; a 1 1 AUTHORIZED 100 EUR; a 3 1 VOIDED 100 EUR; a 2 1 PAID 100 EUR"
            + " ~ 1|EUR|100|0|0|100",
        "due 1 1 100 EUR; a 1 1 FAILED - EUR; b 1 1 PENDING - - ~ 1|EUR|100|0|0|100",
        "due 1 1 100 EUR; a 1 1 PAID 50 EUR; a 2 1 PAID 70.5 EUR ~ 1|EUR|100|70.5|0|29.5",
        "due 1 1 100 EUR; due 1 2 80 EUR; a 1 1 PAID 90 EUR ~ 1|EUR|80|90|0|-10",
        "due 1 1 100 EUR; a 1 1 PAID 100 EUR; delete a 2 ~ 1|EUR|100|0|0|100",
        "due 1 1 100 EUR; a 1 1 PAID 100 EUR; a 7 1 PAID 90 EUR; delete a - ~ 1|EUR|100|0|0|100",
        "due 1 1 100 EUR; a 3 1 PAID 100 EUR; delete a 2 ~ 1|EUR|100|100|0|0",
        "due 1 1 9 EUR; due 2 1 8 EUR; a 1 1 PAID 5 EUR; a 2 2 PAID 6 EUR"
            + " ~ 1|EUR|9|0|0|9, 2|EUR|8|6|0|2",
        "due 1 1 9 EUR; a 1 - PAID 5 EUR; b 1 - PAID 7 EUR; b 2 1 PAID 7 EUR ~ 1|EUR|9|7|0|2",
        "a 1 1 PAID 5 EUR; r 1 1 REFUNDED 2 EUR ~ 1|EUR|null|5|2|null",
        "due 1 1 9 EUR; a 1 1 PAID 5 EUR; b 1 1 PAID 6 USD" + " ~ 1|EUR|9|5|0|4, 1|USD|0|6|0|-6",
        "due 1 1 9 EUR; a 1 1 PAID 6 USD; a 2 1 PAID 5 EUR ~ 1|EUR|9|5|0|4",
        "due 1 1 9 EUR; a 1 1 PAID 5 -; b 1 1 PAID 1 EUR ~ 1|EUR|9|6|0|3",
        "due 1 1 9 -; a 1 1 PAID 5 - ~ 1|null|9|5|0|4",
        "due 1 1 0 EUR; a 1 1 PAID 0 EUR ~ 1|EUR|0|0|0|0",
      })
  void balanceIsThatOfTheLatestVersions(String history, String expected) throws SQLException {
    List<SinkRecord> records = records(history);
    List<SinkRecord> backwards = new ArrayList<>(records);
    Collections.reverse(backwards);
    for (List<SinkRecord> order : List.of(records, backwards)) {
      for (boolean oneBatch : new boolean[] {true, false}) {
        database.execute("TRUNCATE payments, order_payments, payment_totals, order_inventory");
        try (RunningSink sink = sink()) {
          // When
          for (int round = 0; round < 2; round++) {
            if (oneBatch) {
              sink.put(order);
            } else {
              order.forEach(sink::put);
            }
          }

          // Then
          assertEquals(List.of(), sink.reported());
          assertEquals(expected, String.join(", ", database.rows(BALANCE)));
          assertEquals(List.of(), database.rows("SELECT * FROM payment_totals_drift"));
        }
      }
    }
  }

  private static List<SinkRecord> records(String history) {
    List<SinkRecord> records = new ArrayList<>();
    for (String line : history.split(";", -1)) {
      String[] word = line.strip().split(" ", -1);
      records.add(
          switch (word[0]) {
            case "due" ->
                Events.due(
                    Long.valueOf(word[1]), Long.parseLong(word[2]), text(word[3]), text(word[4]));
            case "delete" -> Events.deletedPayment(word[1], number(word[2]));
            default ->
                Events.payment(
                    word[0],
                    Long.parseLong(word[1]),
                    number(word[2]),
                    word[3],
                    text(word[4]),
                    text(word[5]));
          });
    }
    return records;
  }

  private static @Nullable Long number(String word) {
    return word.equals("-") ? null : Long.valueOf(word);
  }

  private static @Nullable String text(String word) {
    return word.equals("-") ? null : word;
  }

  @Test
  void paymentIsKeptWithAllItsFields() throws SQLException {
    try (RunningSink sink = sink()) {
      // When
      sink.put(
          Events.payment("a", 3, 1L, "PAID", "19.90", "eur"),
          Events.payment("b", 1, 1L, "PAID", "5", "EUR"));
      sink.put(Events.deletedPayment("b", 2L), Events.deletedPayment("c", null));
    }

    // Then: deleted payments stay, so that no older version returns
    assertEquals(
        List.of(
            "a|1|3|PAID|PAID|19.90|19.90|0|EUR",
            "b|1|2|DELETED|null|null|0|0|null",
            "c|null|" + Long.MAX_VALUE + "|DELETED|null|null|0|0|null"),
        database.rows(
            "SELECT payment_id, order_id, version, state, status, amount, paid, refunded, currency"
                + " FROM order_payments ORDER BY 1"));
  }

  /** Columns of amounts, and the status of a payment that writes there; DUE for an order. */
  static Stream<Arguments> columnsOfAmounts() {
    return Stream.of(
            "payments.amount PAID",
            "payments.due DUE",
            "order_payments.amount PAID",
            "order_payments.paid PAID",
            "order_payments.refunded REFUNDED",
            "payment_totals.paid PAID",
            "payment_totals.refunded REFUNDED")
        .flatMap(column -> Stream.of(false, true).map(isNew -> Arguments.of(column, isNew)));
  }

  @ParameterizedTest
  @MethodSource("columnsOfAmounts")
  void amountIsNeverRounded(String column, boolean isNew) throws SQLException {
    // Given: statements that the server has prepared
    String[] part = column.split("[. ]", -1);
    Map<String, String> settings = settings(database);
    if (part[0].equals("payments")) {
      settings.remove("payment.id.field");
      settings.remove("payment.status.reversed");
    }
    String alter = "ALTER TABLE %s ALTER %s TYPE ".formatted(part[0], part[1]);
    database.execute("DROP VIEW payments_balance, payment_totals_drift");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      for (long version = 1; version < 9; version++) {
        sink.put(amount(1, version, part[2], "1.00"));
      }

      // When
      database.execute(alter + "numeric(12, 2)");
      SinkRecord bad = amount(isNew ? 3 : 1, 9, part[2], "5.125");
      sink.put(
          amount(2, 9, part[2], "5.25"),
          bad,
          amount(4, 9, part[2], "5.250"),
          amount(5, 9, part[2], "1"));

      // Then
      assertEquals(List.of(bad), sink.reported().stream().map(Reported::record).toList());
      assertEquals(
          List.of("1.00", "5.25", "5.25"),
          database.rows(
              "SELECT %2$s FROM %1$s WHERE %2$s > 0 AND order_id <> 5 ORDER BY order_id"
                  .formatted(part[0], part[1])));

      // When: a currency without decimals
      database.execute(alter + "numeric(12)");
      SinkRecord cents = amount(7, 10, part[2], "6.25");
      sink.put(cents, amount(8, 10, part[2], "600.00"));

      // Then
      assertEquals(List.of(bad, cents), sink.reported().stream().map(Reported::record).toList());
      assertEquals(
          List.of("600"),
          database.rows(
              "SELECT %2$s FROM %1$s WHERE %2$s > 0 AND order_id = 8".formatted(part[0], part[1])));

      // When: the driver reports a negative scale as a large one
      String other = part[0].equals("payments") ? "numeric(12, -2)" : "double precision";
      database.execute(alter + (isNew ? other : "integer"));
      ConnectException stopped =
          assertThrows(
              ConnectException.class, () -> sink.put(amount(isNew ? 6 : 2, 10, part[2], "7.50")));

      // Then
      String message = String.valueOf(stopped.getMessage());
      assertTrue(message.contains("expected public." + part[0] + "." + part[1]), message);
      assertEquals(2, sink.reported().size());
    }
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      assertThrows(ConnectException.class, () -> sink.put(amount(1, 11, part[2], "7.00")));
    }
  }

  private static SinkRecord amount(long order, long version, String status, String amount) {
    return status.equals("DUE")
        ? Events.due(order, version, amount, "EUR")
        : Events.payment("p" + order, version, order, status, amount, "EUR");
  }

  @ParameterizedTest
  @EnumSource(OrderIdType.class)
  void tablesAreCreatedForEachTypeOfOrderId(OrderIdType type) throws SQLException {
    try (WarehouseDatabase empty = WarehouseDatabase.empty()) {
      Map<String, String> settings = settings(empty);
      settings.put("auto.create", "true");
      settings.put("audit", "true");
      settings.put("payment.amount.unit", "minor");
      settings.put("table.order.payments", "public.\"Order's payments\"");
      Object id =
          switch (type) {
            case BIGINT, INTEGER -> 7L;
            case UUID -> "00000000-0000-0000-0000-000000000007";
            case TEXT -> "order-7";
          };
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
        // When: the IDs of payments must not be taken for those of orders
        sink.put(
            Events.deletedPayment("99", null),
            Events.payment("1", 1, null, "PAID", "1", "EUR"),
            Events.payment("2", 1, id, "PAID", "1990", "EUR"));
        sink.put(Events.payment("1", 2, id, "PAID", "50", "JPY"));
        sink.put(Events.deletedPayment("1", null));

        // Then
        assertEquals(List.of(), sink.reported());
        assertEquals(List.of(id + "|EUR|null|19.90|0|null"), empty.rows(BALANCE));
        assertEquals(
            List.of(
                id + "|payment|1|2|PAID",
                id + "|payment|1|" + Long.MAX_VALUE + "|DELETED",
                id + "|payment|2|1|PAID"),
            empty.rows(
                "SELECT order_id, kind, payment_id, version, state FROM order_audit ORDER BY 3, 4"));
      }
    }
  }
}
