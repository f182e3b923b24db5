package io.orderflow.sink.record;

import static io.orderflow.sink.fixture.Values.item;
import static io.orderflow.sink.fixture.Values.map;
import static io.orderflow.sink.fixture.Values.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.PlainMoney;
import io.orderflow.sink.update.Deadline;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeadlinesTest {

  private static final long PRODUCED = 1_795_340_000_000L;
  private static final Duration TTL = Duration.ofMinutes(30);
  private static final Instant BY_TTL = Instant.ofEpochMilli(PRODUCED).plus(TTL);
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final FieldPath FIELD = FieldPath.of("expires");

  static Stream<Arguments> forms() {
    return Stream.of(
        arguments(Date.from(NOON), NOON),
        arguments("2026-11-30T12:00:00Z", NOON),
        arguments("2026-11-30T14:00:00+02:00", NOON),
        arguments("2026-11-30 07:00:00-05", NOON),
        arguments("2026-11-30T17:30:00.123456+05:30", NOON.plusNanos(123_456_000)),
        arguments("2026-11-30T12:00:00.1234567Z", NOON.plusNanos(123_456_000)),
        arguments("2026-11-30T12:00:00.123456999Z", NOON.plusNanos(123_456_000)),
        arguments(NOON.toEpochMilli(), NOON),
        arguments(String.valueOf(NOON.toEpochMilli()), NOON),
        arguments((double) NOON.toEpochMilli(), NOON),
        arguments(BigDecimal.valueOf(NOON.toEpochMilli()), NOON));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void timeIsReadInEachForm(Object sent, Instant time) {
    assertEquals(
        new Deadline(time, true), deadline(rules(TTL, "PENDING"), "orders", with("expires", sent)));
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        // Statuses that expire, the order's status, its own time: what decides
        "PENDING | PENDING | -    | ttl",
        "PENDING | PENDING | null | ttl",
        "PENDING | PENDING | ''   | ttl",
        "PENDING | PENDING | noon | field",
        "PENDING | PAID    | -    | none",
        "PENDING | PAID    | noon | none",
        "-       | PAID    | -    | ttl",
        "-       | PAID    | noon | field",
        "-       | SHIPPED | noon | none",
      },
      delimiter = '|')
  void statusAndTimeDecide(String statuses, String status, String time, String decides) {
    // Given
    Map<String, @Nullable Object> order = with("status", status);
    if (!time.equals("-")) {
      order.put("expires", time.equals("noon") ? NOON.toString() : time.equals("null") ? null : "");
    }

    // Then
    assertEquals(
        switch (decides) {
          case "ttl" -> new Deadline(BY_TTL, false);
          case "field" -> new Deadline(NOON, true);
          default -> null;
        },
        deadline(rules(TTL, statuses), "orders", order));
  }

  @Test
  void inventoryUpdatesHaveNoStatusThatCouldExpire() {
    Map<String, @Nullable Object> update =
        map("order_id", 5L, "version", 1L, "intent", "RESERVE", "items", List.of(item("A", 1L)));
    assertNull(deadline(rules(TTL, "PENDING"), "inventory", update));
    assertEquals(new Deadline(BY_TTL, false), deadline(rules(TTL, "-"), "inventory", update));
    update.put("expires", NOON.toString());
    assertEquals(new Deadline(NOON, true), deadline(rules(TTL, "PENDING"), "inventory", update));
  }

  @Test
  void withoutATimeToLiveOnlyTheFieldCounts() {
    assertNull(deadline(rules(Duration.ZERO, "PENDING"), "orders", with("expires", null)));
    assertNull(deadline(Deadlines.NEVER, "orders", with("expires", NOON.toString())));
  }

  @Test
  void recordWithoutATimestampIsBad() {
    BadRecordException bad =
        assertThrows(
            BadRecordException.class,
            () ->
                reader(rules(TTL, "PENDING"))
                    .read(Records.record("orders", null, with("status", "PENDING"))));
    assertEquals(
        "timestamp of the record: expected the time from which reservation.ttl.ms counts, found"
            + " none (orders-3@42). Produce the record with a timestamp, or send the deadline in a"
            + " field: order.expires.field, inventory.expires.field.",
        bad.getMessage());
  }

  private static Deadlines rules(Duration ttl, String status) {
    return new Deadlines(ttl, status.equals("-") ? Set.of() : Set.of(status), FIELD, FIELD);
  }

  private static @Nullable Deadline deadline(Deadlines rules, String topic, Object value) {
    SinkRecord record =
        new SinkRecord(topic, 0, null, null, null, value, 1, PRODUCED, TimestampType.CREATE_TIME);
    return assertInstanceOf(InventoryUpdate.class, reader(rules).read(record).get(0)).deadline();
  }

  private static UpdateReader reader(Deadlines rules) {
    return new UpdateReader(
        Records.ROLES,
        Fields.defaults(),
        new Statuses(
            Map.of("PENDING", Intent.RESERVE, "PAID", Intent.RESERVE, "SHIPPED", Intent.SHIP),
            null),
        ItemRules.STRICT,
        PlainMoney.RULES,
        rules,
        OrderIdType.BIGINT,
        skipped -> {});
  }
}
