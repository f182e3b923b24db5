package io.orderflow.sink.record;

import static io.orderflow.sink.record.Records.assertBad;
import static io.orderflow.sink.record.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.record.Fields.InventoryFields;
import io.orderflow.sink.record.Fields.OrderFields;
import io.orderflow.sink.record.Fields.PaymentFields;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.OrderPayment;
import io.orderflow.sink.update.PaymentState;
import io.orderflow.sink.update.Update;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OrderPaymentReaderTest {

  private static final Map<String, PaymentState> STATES =
      Map.of(
          "PAID", PaymentState.PAID,
          "7", PaymentState.PAID,
          "refund", PaymentState.REFUNDED,
          "GIVEN_BACK", PaymentState.REVERSED,
          "VOID", PaymentState.FAILED,
          "(null)", PaymentState.FAILED,
          "(empty)", PaymentState.FAILED);

  private static Fields fields(String path, String... ids) {
    return new Fields(
        OrderFields.defaults(),
        InventoryFields.defaults(),
        new PaymentFields(
            FieldPath.of(path + "order_id"),
            List.of(ids).stream().map(FieldPath::of).toList(),
            FieldPath.of(path + "version"),
            List.of(FieldPath.of(path + "status"), FieldPath.of(path + "kind")),
            FieldPath.of(path + "amount"),
            FieldPath.of(path + "refunded"),
            FieldPath.of(path + "currency"),
            FieldPath.of(path + "provider"),
            FieldPath.of(path + "reference")));
  }

  private static UpdateReader reader(
      Fields fields,
      AmountUnit unit,
      @Nullable String currency,
      @Nullable PaymentState otherwise,
      boolean deletions) {
    return new UpdateReader(
        Records.ROLES,
        fields,
        new Statuses(Map.of("CANCELLED", Intent.RELEASE), null),
        ItemRules.STRICT,
        new MoneyRules(
            new Amounts("order.amount.unit", unit, currency),
            new Amounts("payment.amount.unit", unit, currency),
            new PaymentStatuses(STATES, otherwise),
            deletions),
        Deadlines.NEVER,
        OrderIdType.BIGINT,
        skipped -> {});
  }

  private static UpdateReader reader(
      Fields fields, AmountUnit unit, @Nullable String currency, boolean deletions) {
    return reader(fields, unit, currency, null, deletions);
  }

  private static UpdateReader reader(AmountUnit unit) {
    return reader(fields("", "id"), unit, null, true);
  }

  private static Map<String, Object> payment(@Nullable Object... fields) {
    Map<String, Object> value = new HashMap<>(Map.of("id", 17, "order_id", 5, "version", 3));
    for (int i = 0; i < fields.length; i += 2) {
      value.put(String.valueOf(fields[i]), fields[i + 1]);
    }
    return value;
  }

  private static OrderPayment read(UpdateReader reader, SinkRecord record) {
    List<Update> updates = reader.read(record);
    assertEquals(1, updates.size());
    return (OrderPayment) updates.get(0);
  }

  /** Null is written {@code null}; empty text is two quotes. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "PAID, null, 12.50, null, PAID, PAID, 12.50, 0",
        "PAID, null, -12.50, null, PAID, PAID, 0, 12.50",
        "PAID, null, 12.50, 2.5, PAID, PAID, 12.50, 2.5",
        "7, null, 12.50, null, PAID, 7, 12.50, 0",
        "null, refund, 12.50, 99, FAILED, null, 0, 0",
        "new, refund, 12.50, 99, REFUNDED, refund, 0, 12.50",
        "new, refund, -12.50, null, REFUNDED, refund, 0, 12.50",
        "GIVEN_BACK, null, 12.50, null, REVERSED, GIVEN_BACK, 12.50, 12.50",
        "VOID, null, 12.50, null, FAILED, VOID, 0, 0",
        "VOID, null, null, null, FAILED, VOID, 0, 0",
        "'', PAID, 1, null, FAILED, '', 0, 0",
        "new, PAID, 0, null, PAID, PAID, 0, 0",
      })
  void statusDecidesWhatWasPaidAndRefunded(
      @Nullable String status,
      @Nullable String kind,
      @Nullable String amount,
      @Nullable String refunded,
      PaymentState state,
      @Nullable String stored,
      String paid,
      String back) {
    OrderPayment read =
        read(
            reader(AmountUnit.MAJOR),
            record(
                "payments",
                "17",
                payment("status", status, "kind", kind, "amount", amount, "refunded", refunded)));
    assertEquals(
        List.of("17", 3L, 5L, state, paid, back, String.valueOf(stored)),
        List.of(
            read.paymentId(),
            read.version(),
            String.valueOf(read.orderId()).equals("5") ? 5L : 0L,
            read.state(),
            read.paid().toPlainString(),
            read.refunded().toPlainString(),
            String.valueOf(read.status())));
  }

  @ParameterizedTest
  @CsvSource({
    "EUR, 1990, 19.90",
    "eur, 1990.00, 19.90",
    "EUR, 1990.00000000000000000000000000000000000, 19.90",
    "EUR, 5, 0.05",
    "EUR, -1990, -19.90",
    "JPY, 1990, 1990",
    "KWD, 1990, 1.990",
    "CLF, 12345, 1.2345",
    "USD, 999999999999999999999999999, 9999999999999999999999999.99",
    "USD, 1E+3, 10.00",
  })
  void minorUnitsHaveTheDigitsOfTheirCurrency(String currency, String amount, String expected) {
    OrderPayment read =
        read(
            reader(AmountUnit.MINOR),
            record(
                "payments",
                null,
                payment("status", "PAID", "amount", amount, "currency", currency)));
    AmountDue due =
        (AmountDue)
            reader(AmountUnit.MINOR)
                .read(
                    record(
                        "orders",
                        5,
                        Map.of(
                            "id",
                            5,
                            "version",
                            1,
                            "status",
                            "CANCELLED",
                            "total",
                            amount,
                            "currency",
                            currency)))
                .get(1);
    assertEquals(expected, String.valueOf(read.amount()));
    assertEquals(expected, due.due().toString());
  }

  @Test
  void defaultCurrencyHasDigitsToo() {
    OrderPayment read =
        read(
            reader(fields("", "id"), AmountUnit.MINOR, "KWD", true),
            record("payments", null, payment("status", "PAID", "amount", 5, "refunded", 2)));
    assertEquals(
        List.of("KWD", "0.005", "0.002"),
        List.of(
            String.valueOf(read.currency()), read.paid().toString(), read.refunded().toString()));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      delimiter = '|',
      value = {
        "id | null | id: expected a payment ID, found null",
        "id | '' | id: expected a payment ID, found empty text",
        "version | -1 | version: expected a version of 0 or more, found a negative number",
        "status | new | status: expected a status of a payment, found status new, kind other",
        "status | true | status: expected a status of a payment, found status true, kind other",
        "amount | null | amount: expected an amount, found null",
        "amount | 1.5 | amount: expected an amount in minor units, found a number with a fraction",
        "amount | many | amount: expected an amount, found text that is not a number",
        "refunded | -5 | refunded: expected an amount of 0 or more, found a negative number",
        "currency | null | currency: expected a currency, since payment.amount.unit=minor, found null",
        "currency | XXX | currency: expected a currency, since payment.amount.unit=minor, found a code"
            + " of ISO 4217 without minor units, such as that of gold",
        "currency | EURO | currency: expected a currency, found text that is not a code of ISO 4217",
        "order_id | a | order_id: expected an order ID of type bigint, found text that is not a whole"
            + " number of 64 bits",
      })
  void badPaymentsSayWhatIsWrong(String field, @Nullable String content, String message) {
    Map<String, Object> value =
        payment("status", "PAID", "amount", 100, "currency", "EUR", "kind", "other");
    value.put(field, content == null ? null : content.strip());
    SinkRecord record = record("payments", 17, value);
    String found = message(reader(AmountUnit.MINOR), record);
    assertEquals(message, found.substring(0, found.indexOf(" (payments-3@42). ")));
  }

  private static String message(UpdateReader reader, SinkRecord record) {
    try {
      return "read: " + reader.read(record) + " (payments-3@42). ";
    } catch (BadRecordException bad) {
      return String.valueOf(bad.getMessage());
    }
  }

  @Test
  void orderIdMayBeNullButNotMissing() {
    Map<String, Object> value = payment("status", "VOID", "order_id", null);
    assertEquals(null, read(reader(AmountUnit.MAJOR), record("payments", 17, value)).orderId());
    value.remove("order_id");
    assertBad(
        reader(AmountUnit.MAJOR),
        record("payments", 17, value),
        "order_id: expected an order ID, found no such field (@). Send the field, or set its name in"
            + " the connector's configuration.");
  }

  @Test
  void severalFieldsAreTheIdTogether() {
    UpdateReader reader = reader(fields("", "order_id", "number"), AmountUnit.MAJOR, null, true);
    Map<String, Object> value = payment("number", "a/b~1", "status", "VOID");
    assertEquals("5/a~1b~01", read(reader, record("payments", null, value)).paymentId());
    assertEquals(
        OrderPayment.deleted("5/2", Long.MAX_VALUE),
        read(reader, record("payments", Map.of("order_id", 5, "number", 2), null)));
    assertBad(
        reader,
        record("payments", 5, null),
        "key: expected a payment ID, found a whole number without it (@). Write the topic with the"
            + " payment's ID as key, or as the field order_id of the key, since a tombstone has no"
            + " value; or set payment.deletions=ignore.");
  }

  @Test
  void deletionsAreTombstonesOrEventsOfDeletes() {
    UpdateReader reader = reader(fields("after.", "after.id"), AmountUnit.MAJOR, null, true);
    Map<String, Object> deleted = new HashMap<>();
    deleted.put("op", "d");
    deleted.put("before", Map.of("id", 17));
    deleted.put("after", null);
    SinkRecord versioned = record("payments", Map.of("id", 17), null);
    versioned.headers().addLong("orderflow.version", 9);
    OrderPayment atLast = OrderPayment.deleted("17", Long.MAX_VALUE);
    assertEquals(atLast, read(reader, record("payments", Map.of("id", 17), deleted)));
    assertEquals(atLast, read(reader, record("payments", Map.of("id", 17), null)));
    assertEquals(atLast, read(reader, record("payments", 17, null)));
    assertEquals(OrderPayment.deleted("17", 9), read(reader, versioned));
    assertBad(
        reader,
        record("payments", null, Map.of("op", "t")),
        "op: expected a change of one row, found a TRUNCATE of the table (@). Send a"
            + " tombstone of each payment of the table: the event does not name them. Set"
            + " skipped.operations=t in Debezium to leave such events out.");
    UpdateReader ignoring = reader(fields("after.", "after.id"), AmountUnit.MAJOR, null, false);
    for (Object value : new Object[] {deleted, Map.of("op", "t")}) {
      assertEquals(List.of(), ignoring.read(record("payments", null, value)));
    }
    assertEquals(List.of(), ignoring.read(record("payments", null, null)));
  }

  /**
   * Keys of the payment 17, and whether they are good: its tombstone deletes what the key names.
   */
  static Stream<Arguments> keys() {
    return Stream.of(
        arguments(null, true),
        arguments(17, true),
        arguments(17L, true),
        arguments("17", true),
        arguments(new BigDecimal("17"), true),
        arguments(Map.of("id", 17), true),
        arguments(Map.of("order_id", 5), true),
        arguments(5, false),
        arguments("any key", false),
        arguments("", false),
        arguments(new byte[] {17}, false),
        arguments(Map.of("id", 5), false));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void keyNamesThePaymentUnlessDeletionsAreIgnored(@Nullable Object key, boolean isGood) {
    SinkRecord record = record("payments", key, payment("status", "VOID"));
    UpdateReader applying = reader(AmountUnit.MAJOR);
    if (isGood) {
      assertEquals("17", read(applying, record).paymentId());
    } else {
      assertBad(
          applying,
          record,
          "key: expected the same payment ID as in id, found another one (@). Write the topic with"
              + " the payment's ID as key, since a tombstone has no value; or set"
              + " payment.deletions=ignore.");
    }
    UpdateReader ignoring = reader(fields("", "id"), AmountUnit.MAJOR, null, false);
    assertEquals("17", read(ignoring, record).paymentId());
  }

  @Test
  void keyOfSeveralFieldsNamesThePaymentIfItHasThemAll() {
    UpdateReader reader = reader(fields("", "order_id", "number"), AmountUnit.MAJOR, null, true);
    Map<String, Object> value = payment("number", 2, "status", "VOID");
    for (Object key :
        List.<Object>of(17, Map.of("order_id", 6), Map.of("order_id", 5, "number", 2))) {
      assertEquals("5/2", read(reader, record("payments", key, value)).paymentId());
    }
    assertBad(
        reader,
        record("payments", Map.of("order_id", 5, "number", 3), value),
        "key: expected the same payment ID as in order_id, number, found another one (@). Write the"
            + " topic with the payment's ID as key, since a tombstone has no value; or set"
            + " payment.deletions=ignore.");
  }

  /** Null is written {@code null}. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "5, 2, false, 5/2, null",
        "5, null, false, null, 'before.number: expected a payment ID, found null'",
        "5, 0, false, null, 'before.number: expected a payment ID, found 0, which may stand for a"
            + " column that is not logged'",
        "0, 2, false, null, 'before.order_id: expected a payment ID, found 0, which may stand for a"
            + " column that is not logged'",
        "5, 0, true, 5/0, null",
        "0, 0, true, 0/0, null",
      })
  void columnsOfADeletedPaymentMustBeLoggedUnlessTheKeyHasThem(
      @Nullable Integer order,
      @Nullable Integer number,
      boolean inKey,
      @Nullable String deleted,
      @Nullable String message) {
    UpdateReader reader =
        reader(fields("after.", "after.order_id", "after.number"), AmountUnit.MAJOR, null, true);
    Map<String, @Nullable Object> before = new HashMap<>();
    before.put("order_id", order);
    before.put("number", number);
    SinkRecord record =
        record("payments", inKey ? before : Map.of("id", 99), Map.of("op", "d", "before", before));
    if (message == null) {
      assertEquals(deleted, read(reader, record).paymentId());
    } else {
      assertBad(
          reader,
          record,
          message + " (@). Set REPLICA IDENTITY FULL on the table in the source database.");
    }
  }

  static Stream<Arguments> unstorable() {
    return Stream.of(
        arguments(
            "a\0",
            "text with the character U+0000 (@). Remove the character, which PostgreSQL cannot"
                + " store."),
        arguments(
            "a\ud800",
            "text with half of a surrogate pair (@). Remove it, or send the whole character: UTF-8"
                + " cannot encode half of it."),
        arguments(
            "x".repeat(1_000_000),
            "text of more than 2692 bytes in UTF-8 (@). Shorten it: an index of PostgreSQL cannot"
                + " hold more."));
  }

  @ParameterizedTest
  @MethodSource("unstorable")
  void statusThatIsStoredMustFitItsColumn(String status, String found) {
    UpdateReader reader =
        reader(fields("", "id"), AmountUnit.MAJOR, null, PaymentState.FAILED, true);
    assertBad(
        reader,
        record("payments", 17, payment("status", status, "kind", "other")),
        "status: expected a status of a payment, found " + found);
  }
}
