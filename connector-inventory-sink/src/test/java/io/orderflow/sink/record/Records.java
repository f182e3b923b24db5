package io.orderflow.sink.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.PlainMoney;
import io.orderflow.sink.update.Intent;
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
              "inventory", Role.INVENTORY,
              "payments", Role.PAYMENT),
          Set.of("dead-letters"));

  private Records() {}

  private static final Map<String, Intent> INTENTS =
      Map.of("PENDING", Intent.RESERVE, "SHIPPED", Intent.SHIP, "CANCELLED", Intent.RELEASE);

  static UpdateReader reader(OrderIdType idType) {
    return reader(Fields.defaults(), INTENTS, idType);
  }

  /**
   * @param scale decimals of quantities
   */
  static UpdateReader reader(int scale) {
    return reader(Fields.defaults(), INTENTS, OrderIdType.BIGINT, scale);
  }

  static UpdateReader reader(Fields fields, Map<String, Intent> intents, OrderIdType idType) {
    return reader(fields, intents, idType, 0);
  }

  static UpdateReader reader(
      Fields fields, Map<String, Intent> intents, OrderIdType idType, int scale) {
    return new UpdateReader(
        ROLES,
        fields,
        new Statuses(intents, null),
        new ItemRules(scale, null, false, false),
        PlainMoney.RULES,
        Deadlines.NEVER,
        idType,
        skipped -> {});
  }

  /** Of partition 3, offset 42. */
  static SinkRecord record(String topic, @Nullable Object key, @Nullable Object value) {
    return new SinkRecord(topic, 3, null, key, null, value, 42);
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
