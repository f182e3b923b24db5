package io.orderflow.sink.record;

import static io.orderflow.sink.fixture.Values.item;
import static io.orderflow.sink.fixture.Values.map;
import static io.orderflow.sink.record.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.record.Fields.ItemFields;
import io.orderflow.sink.record.Fields.OrderFields;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.Update;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FieldPathTest {

  private static final String SET_PATH =
      " Correct the field's path in the connector's configuration, or send a struct or map.";
  private static final String FILL_IN =
      " Send the field, or set its name in the connector's configuration.";

  /** Events of another producer. */
  private static final Fields FOREIGN =
      new Fields(
          new OrderFields(
              FieldPath.of("payload.order.id"),
              FieldPath.of("meta.version"),
              List.of(FieldPath.of("payload.order.status")),
              ItemFields.of(
                  FieldPath.of("payload.order.lines"),
                  FieldPath.of("product.sku"),
                  FieldPath.of("quantity")),
              FieldPath.of("payload.due.amount"),
              FieldPath.of("payload.due.currency")),
          Fields.defaults().inventory(),
          Fields.defaults().payment());

  private static final List<Update> EXPECTED =
      List.of(
          Updates.of(5L, 7, Intent.RESERVE, new TreeMap<>(Map.of("apple", 2L))),
          new AmountDue(5L, 7, new BigDecimal("12.50"), "EUR"));

  private final UpdateReader reader =
      Records.reader(FOREIGN, Map.of("PENDING", Intent.RESERVE), OrderIdType.BIGINT);

  @Test
  void pathLeadsThroughMaps() {
    assertEquals(EXPECTED, reader.read(record("orders", null, event())));
  }

  @Test
  void pathLeadsThroughStructsAndMapsWithin() {
    // Given
    Schema map = SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).optional().build();
    Schema meta = SchemaBuilder.struct().field("version", Schema.INT32_SCHEMA).build();
    Schema product = SchemaBuilder.struct().field("sku", Schema.STRING_SCHEMA).build();
    Schema line =
        SchemaBuilder.struct()
            .field("product", product)
            .field("quantity", Schema.INT16_SCHEMA)
            .build();
    Schema order =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field("lines", SchemaBuilder.array(line).build())
            .build();
    Schema payload = SchemaBuilder.struct().field("order", order).field("due", map).build();
    Schema schema = SchemaBuilder.struct().field("meta", meta).field("payload", payload).build();
    Struct apple =
        new Struct(line)
            .put("product", new Struct(product).put("sku", "apple"))
            .put("quantity", (short) 2);
    Struct event =
        new Struct(schema)
            .put("meta", new Struct(meta).put("version", 7))
            .put(
                "payload",
                new Struct(payload)
                    .put(
                        "order",
                        new Struct(order)
                            .put("id", 5L)
                            .put("status", "PENDING")
                            .put("lines", List.of(apple)))
                    .put("due", Map.of("amount", "12.50", "currency", "EUR")));

    // Then
    assertEquals(EXPECTED, reader.read(record("orders", 5L, event)));
  }

  @Test
  void fieldWhoseOwnNameHasTheDotsIsTheOneThatIsMeant() {
    // Given
    Map<String, @Nullable Object> event = event();
    event.put("meta.version", 8L);

    // Then
    assertEquals(8, reader.read(record("orders", null, event)).get(0).version());
    event.put("meta.version", null);
    assertBad(event, "meta.version: expected a version of 0 or more, found null (@)." + FILL_IN);
  }

  @Test
  void nameThatCannotBeAPathIsAName() {
    for (String name : List.of("plain", "a..b", ".a", "a.", ".")) {
      assertEquals(5, FieldPath.of(name).in(map(name, 5)), name);
      assertNull(FieldPath.of(name).in(map("a", map("b", 5, "", 6))), name);
    }
  }

  @Test
  void whatIsMissingOnTheWayIsNamed() {
    assertBad(
        map("meta", map("version", 1L)),
        "payload.order.id: expected an order ID, found no such field as payload (@)." + FILL_IN);
    assertBad(
        map("payload", map("order", null)),
        "payload.order.id: expected an order ID, found null as payload.order (@)." + FILL_IN);
    assertBad(
        map("payload", map("order", map("status", "PENDING"))),
        "payload.order.id: expected an order ID, found no such field (@)." + FILL_IN);
    assertBad(
        map("payload", map("order", map("id", null))),
        "payload.order.id: expected an order ID, found null (@)." + FILL_IN);
  }

  @Test
  void whatIsNoContainerOnTheWayIsNamed() {
    assertBad(
        map("payload", map("order", "{\"id\": 5}")),
        "payload.order.id: expected a struct or a map as payload.order, found text (@)."
            + SET_PATH);
    assertBad(
        map("payload", List.of(1)),
        "payload.order.id: expected a struct or a map as payload, found an array (@)." + SET_PATH);
  }

  @Test
  void wayThatEndsInTextIsRefusedForFieldsThatMayBeAbsentToo() {
    // Given
    Map<String, @Nullable Object> event = event();
    event.put("payload", map("order", order(), "due", "12.50 EUR"));

    // Then
    assertBad(
        event,
        "payload.due.amount: expected a struct or a map as payload.due, found text (@)."
            + SET_PATH);
    event.put("payload", map("order", order()));
    assertEquals(EXPECTED.subList(0, 1), reader.read(record("orders", null, event)));
  }

  @Test
  void pathsOfItemsStartAtTheItem() {
    // Given
    Map<String, @Nullable Object> event = event();
    Map<String, @Nullable Object> order = order();
    order.put("lines", List.of(item("apple", 1L)));
    event.put("payload", map("order", order));

    // Then
    assertBad(
        event,
        "payload.order.lines[0].product.sku: expected an SKU, found no such field as product (@)."
            + FILL_IN);
    order.put("lines", List.of(map("product", "apple", "quantity", 1L)));
    assertBad(
        event,
        "payload.order.lines[0].product.sku: expected a struct or a map as product, found text"
            + " (@)."
            + SET_PATH);
    order.put("lines", List.of(map("product", map("sku", "apple"), "quantity", 0L)));
    assertBad(
        event,
        "payload.order.lines[0].quantity: expected a quantity of 1 or more, found 0 (@). Remove"
            + " the item, or use the intent for the opposite direction.");
  }

  @Test
  void keyMayHaveTheOrderIdAtThePathToo() {
    // Given
    Object nested = map("payload", map("order", map("id", 5L)), "shop", 1L);
    Object other = map("payload", map("order", map("id", 6L)), "shop", 1L);

    // Then
    assertEquals(EXPECTED, reader.read(record("orders", nested, event())));
    assertEquals(
        List.of(new Deletion(5L, Deletion.FINAL)), reader.read(record("orders", nested, null)));
    assertEquals(
        List.of(new Deletion(5L, Deletion.FINAL)),
        reader.read(record("orders", map("payload.order.id", 5L, "shop", 1L), null)));
    assertEquals(EXPECTED, reader.read(record("orders", map("id", 5L), event())));
    Records.assertBad(
        reader,
        record("orders", other, event()),
        "key.payload.order.id: expected the same order ID as in payload.order.id, found"
            + " another one (@). Create the key from that field, with the transformations"
            + " ValueToKey"
            + " and ExtractField$Key.");
  }

  @Test
  void typeOfOrderIdIsFoundByPath() {
    assertEquals(
        OrderIdType.BIGINT,
        UpdateReader.idTypeOf(record("orders", "A-5", event()), Records.ROLES, FOREIGN));
    assertThrows(
        BadRecordException.class,
        () -> UpdateReader.idTypeOf(record("orders", null, map()), Records.ROLES, FOREIGN));
  }

  private void assertBad(Map<String, @Nullable Object> event, String message) {
    Records.assertBad(reader, record("orders", null, event), message);
  }

  private static Map<String, @Nullable Object> event() {
    return map(
        "meta",
        map("version", 7L),
        "payload",
        map("order", order(), "due", map("amount", "12.50", "currency", "EUR")));
  }

  private static Map<String, @Nullable Object> order() {
    return map(
        "id",
        5L,
        "status",
        "PENDING",
        "lines",
        List.of(map("product", map("sku", "apple"), "quantity", 2L)));
  }
}
