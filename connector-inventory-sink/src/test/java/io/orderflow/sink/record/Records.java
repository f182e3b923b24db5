package io.orderflow.sink.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.update.Intent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Records and readers as the tests of this package need them. */
final class Records {

  static final Roles ROLES =
      new Roles(
          Map.of(
              "orders", Role.ORDER,
              "inventory-updates", Role.INVENTORY,
              "payment-updates", Role.PAYMENT),
          Set.of("dead-letters"));

  static final String AS_WHOLE =
      "Send it as an integer, as a decimal without fraction or as text of digits.";

  private Records() {}

  static UpdateReader reader(OrderIdType idType) {
    return new UpdateReader(
        ROLES,
        Fields.defaults(),
        Map.of("PENDING", Intent.RESERVE, "SHIPPED", Intent.SHIP, "CANCELLED", Intent.RELEASE),
        idType);
  }

  /** Of partition 3, offset 42. */
  static SinkRecord record(String topic, @Nullable Object key, @Nullable Object value) {
    return new SinkRecord(topic, 3, null, key, null, value, 42);
  }

  static Map<String, @Nullable Object> map(@Nullable Object... namesAndContents) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      map.put(String.valueOf(namesAndContents[i]), namesAndContents[i + 1]);
    }
    return map;
  }

  static Map<String, @Nullable Object> item(@Nullable Object sku, @Nullable Object quantity) {
    return map("sku", sku, "quantity", quantity);
  }

  static Map<String, @Nullable Object> order() {
    return map(
        "id",
        5L,
        "version",
        1L,
        "status",
        "PENDING",
        "items",
        List.of(item("apple", 2L)),
        "total",
        "12.50",
        "currency",
        "EUR");
  }

  static Map<String, @Nullable Object> without(String name) {
    Map<String, @Nullable Object> order = order();
    order.remove(name);
    return order;
  }

  /**
   * @param message with (@) for the coordinates
   */
  static void assertBad(OrderIdType idType, SinkRecord record, String message) {
    assertBad(reader(idType), record, message);
  }

  static void assertBad(UpdateReader reader, SinkRecord record, String message) {
    BadRecordException bad = assertThrows(BadRecordException.class, () -> reader.read(record));
    String coordinates = "(" + record.originalTopic() + "-3@42)";
    assertEquals(message.replace("(@)", coordinates), bad.getMessage());
    assertEquals(0, bad.getStackTrace().length);
  }
}
