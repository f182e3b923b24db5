package io.orderflow.sink.record;

import static io.orderflow.sink.fixture.Values.item;
import static io.orderflow.sink.fixture.Values.map;
import static io.orderflow.sink.fixture.Values.payment;
import static io.orderflow.sink.record.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.Update;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateReaderTest {

  private static final List<Update> EXPECTED =
      List.of(
          Updates.of(5L, 7, Intent.RESERVE, new TreeMap<>(Map.of("apple", 3L, "pear", 1L))),
          new AmountDue(5L, 7, new BigDecimal("12.50"), "EUR"));

  private final UpdateReader reader = Records.reader(OrderIdType.BIGINT);

  @Test
  void orderEventAsStructTellsWhatIsWantedAndWhatIsDue() {
    // Given
    Schema itemSchema =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("sku", Schema.STRING_SCHEMA)
            .field("quantity", Schema.INT32_SCHEMA)
            .build();
    Schema schema =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("version", Schema.INT64_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field("total", Decimal.schema(2))
            .field("currency", Schema.STRING_SCHEMA)
            .field("items", SchemaBuilder.array(itemSchema).build())
            .build();
    Struct value =
        new Struct(schema)
            .put("id", 5L)
            .put("version", 7L)
            .put("status", "PENDING")
            .put("total", new BigDecimal("12.50"))
            .put("currency", "EUR")
            .put(
                "items",
                List.of(
                    structItem(itemSchema, "apple", 2),
                    structItem(itemSchema, "pear", 1),
                    structItem(itemSchema, "apple", 1)));
    Schema keySchema = SchemaBuilder.struct().field("order_no", Schema.INT64_SCHEMA).build();

    // When
    List<Update> updates =
        reader.read(record("orders", new Struct(keySchema).put("order_no", 5L), value));

    // Then
    assertEquals(EXPECTED, updates);
  }

  @Test
  void orderEventAsMapTellsTheSame() {
    // When
    List<Update> updates = reader.read(record("orders", 5L, order()));

    // Then
    assertEquals(EXPECTED, updates);
  }

  @Test
  void numbersMayBeOfAnyExactType() {
    // Given
    Map<String, @Nullable Object> value = order();
    value.put("id", "5");
    value.put("version", new BigDecimal("7.00"));
    value.put("items", List.of(item("apple", "3"), item("pear", (short) 1)));
    value.put("total", 12.5);

    // When
    List<Update> updates = reader.read(record("orders", "5", value));

    // Then
    assertEquals(EXPECTED.get(0), updates.get(0));
    assertEquals(new AmountDue(5L, 7, new BigDecimal("12.5"), "EUR"), updates.get(1));
  }

  @Test
  void amountMayBeBelowZeroAndHasNoExponent() {
    // Given
    Map<String, @Nullable Object> value = order();
    value.put("total", "-1E+3");
    value.put("currency", null);

    // When
    List<Update> updates = reader.read(record("orders", 5L, value));

    // Then
    assertEquals(new AmountDue(5L, 7, new BigDecimal("-1000"), null), updates.get(1));
  }

  @Test
  void orderEventWithoutAmountSaysNothingOfWhatIsDue() {
    // Given
    Map<String, @Nullable Object> without = order();
    without.remove("total");
    Map<String, @Nullable Object> withNull = order();
    withNull.put("total", null);

    // Then
    assertEquals(EXPECTED.subList(0, 1), reader.read(record("orders", 5L, without)));
    assertEquals(EXPECTED.subList(0, 1), reader.read(record("orders", 5L, withNull)));
  }

  @Test
  void orderMayHaveNoItems() {
    // When
    List<Update> updates =
        reader.read(
            record("orders", 5L, map("version", 1L, "status", "PENDING", "items", List.of())));

    // Then
    assertEquals(List.of(Updates.of(5L, 1, Intent.RESERVE, new TreeMap<>())), updates);
  }

  @Test
  void releaseNeedsNoItems() {
    // When
    List<Update> updates =
        reader.read(record("inventory", 5L, map("version", 1L, "intent", "RELEASE")));

    // Then
    assertEquals(List.of(Updates.of(5L, 1, Intent.RELEASE, new TreeMap<>())), updates);
  }

  @Test
  void inventoryUpdateNamesItsIntent() {
    // When
    List<Update> updates =
        reader.read(
            record(
                "inventory",
                null,
                map(
                    "order_id",
                    5,
                    "version",
                    2,
                    "intent",
                    "RECEIVE",
                    "items",
                    List.of(item(4711L, 9)))));

    // Then
    assertEquals(
        List.of(Updates.of(5L, 2, Intent.RECEIVE, new TreeMap<>(Map.of("4711", 9L)))), updates);
  }

  @Test
  void paymentUpdateNeedsOnlyVersionAndStatus() {
    // Given
    Map<String, @Nullable Object> all = payment("reference", 99L);

    // Then
    assertEquals(
        List.of(new PaymentUpdate(5L, 3, "PAID", new BigDecimal("12.50"), "EUR", "bank", "99")),
        reader.read(record("payments", map("order_id", 5L, "shop", 1L), all)));
    assertEquals(
        List.of(new PaymentUpdate(5L, 3, "OPEN", null, null, null, null)),
        reader.read(record("payments", 5L, map("version", 3L, "status", "OPEN"))));
  }

  @Test
  void tombstoneDeletesAtTheVersionOfItsHeader() {
    // Given
    SinkRecord withVersion = record("orders", map("id", 5L), null);
    withVersion.headers().addLong(OrderEvents.VERSION_HEADER, 8);

    // Then
    assertEquals(List.of(new Deletion(5L, 8)), reader.read(withVersion));
    assertEquals(
        List.of(new Deletion(5L, Deletion.FINAL)), reader.read(record("orders", 5L, null)));
    assertEquals(
        List.of(new Deletion(5L, Deletion.FINAL)), reader.read(record("inventory", 5L, null)));
  }

  @Test
  void tombstoneOfPaymentChangesNothing() {
    assertEquals(List.of(), reader.read(record("payments", 5L, null)));
    assertEquals(List.of(), reader.read(record("payments", null, null)));
  }

  @Test
  void roleIsThatOfTheTopicBeforeItWasRenamed() {
    // Given
    SinkRecord renamed =
        record("orders", 5L, order()).newRecord("renamed", 3, null, 5L, null, order(), null);

    // Then
    assertEquals(EXPECTED, reader.read(renamed));
  }

  @Test
  void topicWithoutRoleIsNoBadRecord() {
    // When
    ConnectException failure =
        assertThrows(ConnectException.class, () -> reader.read(record("invoices", 5L, order())));

    // Then
    assertEquals(ConnectException.class, failure.getClass());
    assertEquals(
        "topic invoices has no role. Add it to topics.order, topics.inventory, topics.payment or"
            + " topics.dead.letter, or remove it from topics.",
        failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "version, 8, 'version: expected a version of 0 or more, found null (@).'",
        "status, PENDING, 'status: expected a status that has an intent, found null (@).'",
        "quantity, 1, 'items[0].quantity: expected a quantity of 1 or more, found null (@).'",
        "sku, none, 'items[0].sku: expected an SKU, found null (@).'",
        "total, 0.00, none",
        "currency, USD, none"
      })
  void nullIsNullEvenIfTheSchemaHasADefault(
      String nullField, @Nullable String defaultValue, @Nullable String message) {
    // Given: all fields have a default, and one of them is null
    Schema text =
        SchemaBuilder.string()
            .optional()
            .defaultValue(defaultValue == null ? "apple" : defaultValue)
            .build();
    SchemaBuilder itemSchema = SchemaBuilder.struct().field("sku", text).field("quantity", text);
    Struct item = new Struct(itemSchema.build());
    SchemaBuilder schema =
        SchemaBuilder.struct()
            .field("version", text)
            .field("status", text)
            .field("total", text)
            .field("currency", text)
            .field("items", SchemaBuilder.array(item.schema()).build());
    item.put("sku", "apple").put("quantity", "3");
    Struct value =
        new Struct(schema.build())
            .put("version", "7")
            .put("status", "PENDING")
            .put("total", "12.50")
            .put("currency", "EUR")
            .put("items", List.of(item));
    (value.schema().field(nullField) == null ? item : value).put(nullField, null);

    // Then
    SinkRecord record = record("orders", 5L, value);
    if (message != null) {
      Records.assertBad(
          reader,
          record,
          message + " Send the field, or set its name in the connector's configuration.");
    } else {
      List<Update> updates = reader.read(record);
      assertEquals(
          nullField.equals("total")
              ? List.of()
              : List.of(new AmountDue(5L, 7, new BigDecimal("12.50"), null)),
          updates.subList(1, updates.size()));
    }
  }

  private static Struct structItem(Schema schema, String sku, int quantity) {
    return new Struct(schema).put("id", 1L).put("sku", sku).put("quantity", quantity);
  }

  private static Map<String, @Nullable Object> order() {
    return map(
        "id",
        5L,
        "version",
        7L,
        "status",
        "PENDING",
        "total",
        "12.50",
        "currency",
        "EUR",
        "items",
        List.of(item("apple", 2L), item("pear", 1L), item("apple", 1L)));
  }
}
