package io.orderflow.sink.record;

import static io.orderflow.sink.record.Records.item;
import static io.orderflow.sink.record.Records.map;
import static io.orderflow.sink.record.Records.order;
import static io.orderflow.sink.record.Records.record;
import static io.orderflow.sink.record.Records.without;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.orderflow.common.database.OrderIdType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of bad value, with all of its message, in which (@) is where the record is. */
class BadRecordTest {

  private static final String AS_AMOUNT = "Send it as a decimal or as text, such as 12.50.";
  private static final String NAME_STATUS =
      "Name it, in the same capitals, in status.reserve, status.ship, status.release,"
          + " status.receive or status.return.";
  private static final String FILL_IN =
      "Fill it in, or set the name of the field in the connector's configuration.";
  private static final String CONVERTER =
      "Set value.converter to the converter that the topic was written with.";

  private static final String HALF_A_PAIR =
      "items[0].sku: expected an SKU, found text with half of a surrogate pair (@). Remove it, or"
          + " send the whole character: UTF-8, and so PostgreSQL, has no halves.";

  static Stream<Arguments> badValues() {
    return Stream.of(
        arguments("text", "value: expected a struct or a map, found text (@). " + CONVERTER),
        arguments(
            new byte[] {1}, "value: expected a struct or a map, found bytes (@). " + CONVERTER),
        arguments(
            List.of(1), "value: expected a struct or a map, found an array (@). " + CONVERTER),
        arguments(
            map("before", null, "after", map("id", 5L), "op", "c", "source", map()),
            "value: expected the row itself, found a Debezium envelope (before, after, op) (@)."
                + " Unwrap it with the transformation io.debezium.transforms.ExtractNewRecordState."),
        arguments(
            map("schema", map(), "payload", order()),
            "value: expected the row itself, found a JSON envelope (schema, payload) (@)."
                + " Set value.converter.schemas.enable=true."),
        arguments(
            map("version", 1L, "status", "PENDING"),
            "id: expected an order ID, found no such field (@). " + FILL_IN),
        arguments(
            with("id", "five"),
            "id: expected an order ID of type bigint, found text that is no whole number of 64"
                + " bits (@). "
                + Records.AS_WHOLE),
        arguments(
            with("id", 5.0),
            "id: expected an order ID of type bigint, found a floating-point number (@). "
                + Records.AS_WHOLE));
  }

  static Stream<Arguments> badVersionsAndStatuses() {
    return Stream.of(
        arguments(
            without("version"),
            "version: expected a version of 0 or more, found no such field (@). " + FILL_IN),
        arguments(
            with("version", null),
            "version: expected a version of 0 or more, found null (@). " + FILL_IN),
        arguments(
            with("version", -1L),
            "version: expected a version of 0 or more, found a negative number (@). Let versions"
                + " grow from 0."),
        arguments(
            with("version", 1.5),
            "version: expected a version of 0 or more, found a floating-point number (@). "
                + Records.AS_WHOLE),
        arguments(
            with("version", new BigDecimal("1.5")),
            "version: expected a version of 0 or more, found a decimal that has a fraction or is"
                + " beyond 64 bits (@). "
                + Records.AS_WHOLE),
        arguments(
            with("version", "9223372036854775808"),
            "version: expected a version of 0 or more, found text that is no whole number of 64"
                + " bits (@). "
                + Records.AS_WHOLE),
        arguments(
            with("version", Date.from(Instant.EPOCH)),
            "version: expected a version of 0 or more, found a date or time (@). "
                + Records.AS_WHOLE),
        arguments(
            with("status", "pending"),
            "status: expected a status that has an intent, found pending (@). " + NAME_STATUS),
        arguments(
            with("status", "x".repeat(39) + "\n" + "y"),
            "status: expected a status that has an intent, found "
                + "x".repeat(39)
                + "?... (@). "
                + NAME_STATUS),
        arguments(
            with("status", ""),
            "status: expected a status that has an intent, found empty text (@). Fill it in."),
        arguments(
            with("status", 3L),
            "status: expected a status that has an intent, found a whole number (@). Send it as"
                + " text."));
  }

  static Stream<Arguments> badItems() {
    return Stream.of(
        arguments(
            without("items"),
            "items: expected an array of items, found no such field (@). " + FILL_IN),
        arguments(
            with("items", null), "items: expected an array of items, found null (@). " + FILL_IN),
        arguments(
            with("items", "[]"),
            "items: expected an array of items, found text (@). Send the items as an array of"
                + " structs or maps."),
        arguments(
            items(item("apple", 1L), null),
            "items[1]: expected a struct or a map, found null (@). Leave out what is no item."),
        arguments(
            items("apple"), "items[0]: expected a struct or a map, found text (@). " + CONVERTER),
        arguments(
            items(map("quantity", 1L)),
            "items[0].sku: expected an SKU, found no such field (@). " + FILL_IN),
        arguments(
            items(item("", 1L)),
            "items[0].sku: expected an SKU, found empty text (@). Fill it in."),
        arguments(
            items(item("a\0b", 1L)),
            "items[0].sku: expected an SKU, found text with the character U+0000 (@). Remove the"
                + " character, which PostgreSQL cannot store."),
        arguments(items(item("a\ud83db", 1L)), HALF_A_PAIR),
        arguments(items(item("ab\ud83d", 1L)), HALF_A_PAIR),
        arguments(items(item("\ude00\ud83d", 1L)), HALF_A_PAIR),
        arguments(items(item("\ud83d\ude00\ude00", 1L)), HALF_A_PAIR),
        arguments(
            items(item(true, 1L)),
            "items[0].sku: expected an SKU, found a boolean (@). Send it as text."),
        arguments(
            items(item("apple", 1L), item("pear", 1L), item("plum", 0L)),
            "items[2].quantity: expected a quantity of 1 or more, found 0 (@). Leave the item out,"
                + " or let the intent say that goods go the other way."),
        arguments(
            items(item("apple", -2L)),
            "items[0].quantity: expected a quantity of 1 or more, found a negative number (@)."
                + " Leave the item out, or let the intent say that goods go the other way."),
        arguments(
            items(item("apple", Double.NaN)),
            "items[0].quantity: expected a quantity of 1 or more, found NaN (@). "
                + Records.AS_WHOLE),
        arguments(
            items(item("apple", null)),
            "items[0].quantity: expected a quantity of 1 or more, found null (@). " + FILL_IN),
        arguments(
            items(item("apple", Long.MAX_VALUE), item("apple", 1L)),
            "items[1].quantity: expected quantities of one SKU that add up to at most 2^63 - 1,"
                + " found more (@). Correct the quantities."));
  }

  static Stream<Arguments> badAmounts() {
    return Stream.of(
        arguments(
            with("total", "12,50"),
            "total: expected an amount, found text that is no number (@). " + AS_AMOUNT),
        arguments(
            with("total", Double.POSITIVE_INFINITY),
            "total: expected an amount, found an infinite number (@). " + AS_AMOUNT),
        arguments(
            with("total", 0.1 + 0.2),
            "total: expected an amount, found a floating-point number of more than 15 digits (@). "
                + AS_AMOUNT),
        arguments(
            with("total", 123456.7f),
            "total: expected an amount, found a floating-point number of more than 6 digits (@). "
                + AS_AMOUNT),
        arguments(
            with("total", "1E999999999"),
            "total: expected an amount, found a number of more than 30 digits before or after the"
                + " point (@). "
                + AS_AMOUNT),
        arguments(
            with("total", "9".repeat(100)),
            "total: expected an amount, found a number of more than 30 digits before or after the"
                + " point (@). "
                + AS_AMOUNT),
        arguments(
            with("total", List.of()),
            "total: expected an amount, found an array (@). " + AS_AMOUNT),
        arguments(
            with("currency", "euro"),
            "currency: expected a currency, found text that is no code of ISO 4217 (@). Send three"
                + " capital letters, such as EUR."),
        arguments(
            with("currency", 978L),
            "currency: expected a currency, found a whole number (@). Send it as text."));
  }

  @ParameterizedTest
  @MethodSource({"badValues", "badVersionsAndStatuses", "badItems", "badAmounts"})
  void badOrderEventNamesFieldFindingAndRemedy(Object value, String message) {
    Records.assertBad(OrderIdType.BIGINT, record("orders", null, value), message);
  }

  @Test
  void inventoryUpdateHasToNameAnIntent() {
    Records.assertBad(
        OrderIdType.BIGINT,
        record(
            "inventory-updates", 5L, map("version", 1L, "intent", "reserve", "items", List.of())),
        "intent: expected an intent, found reserve (@). Send RESERVE, RELEASE, SHIP, RECEIVE or"
            + " RETURN.");
  }

  @Test
  void paymentUpdateHasToHaveAStatus() {
    Records.assertBad(
        OrderIdType.BIGINT,
        record("payment-updates", 5L, map("version", 1L)),
        "status: expected the status of a payment, found no such field (@). " + FILL_IN);
  }

  @Test
  void fieldsOfStructAreNamedLikeThoseOfMap() {
    // Given
    Schema itemSchema =
        SchemaBuilder.struct()
            .field("sku", Schema.STRING_SCHEMA)
            .field("quantity", Schema.OPTIONAL_INT32_SCHEMA)
            .build();
    Schema schema =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("version", Schema.INT64_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field("items", SchemaBuilder.array(itemSchema).build())
            .build();
    Struct value =
        new Struct(schema)
            .put("id", 5L)
            .put("version", 1L)
            .put("status", "PENDING")
            .put("items", List.of(new Struct(itemSchema).put("sku", "apple")));

    // Then
    Records.assertBad(
        OrderIdType.BIGINT,
        record("orders", null, value),
        "items[0].quantity: expected a quantity of 1 or more, found null (@). " + FILL_IN);
  }

  @Test
  void coordinatesAreThoseBeforeAnyTransformation() {
    // Given
    SinkRecord renamed =
        new SinkRecord("orders", 3, null, 5L, null, "text", 42)
            .newRecord("renamed", 0, null, 5L, null, "text", null);

    // Then
    Records.assertBad(
        OrderIdType.BIGINT,
        renamed,
        "value: expected a struct or a map, found text (@). " + CONVERTER);
  }

  private static Map<String, @Nullable Object> with(String name, @Nullable Object content) {
    Map<String, @Nullable Object> order = order();
    order.put(name, content);
    return order;
  }

  private static Map<String, @Nullable Object> items(@Nullable Object... items) {
    return with("items", new ArrayList<>(Arrays.asList(items)));
  }
}
