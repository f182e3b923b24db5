package io.orderflow.sink.record;

import static io.orderflow.sink.record.Records.AS_WHOLE;
import static io.orderflow.sink.record.Records.assertBad;
import static io.orderflow.sink.record.Records.map;
import static io.orderflow.sink.record.Records.order;
import static io.orderflow.sink.record.Records.record;
import static io.orderflow.sink.record.Records.without;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.OrderIdType;
import java.util.stream.Stream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of bad key and header, with all of its message, in which (@) is where it is. */
class BadKeyTest {

  static Stream<Arguments> badKeys() {
    String makeKey = " Make the key from that field, with the transformations ValueToKey and";
    return Stream.of(
        arguments(
            OrderIdType.BIGINT,
            6L,
            order(),
            "key: expected the order ID that the value has in id, found another one (@)."
                + makeKey
                + " ExtractField$Key."),
        arguments(
            OrderIdType.BIGINT,
            map("id", 6L, "shop", 1L),
            order(),
            "key.id: expected the order ID that the value has in id, found another one (@)."
                + makeKey
                + " ExtractField$Key."),
        arguments(
            OrderIdType.BIGINT,
            new byte[] {5},
            order(),
            "key: expected an order ID of type bigint, found bytes (@). " + AS_WHOLE),
        arguments(
            OrderIdType.INTEGER,
            3_000_000_000L,
            without("id"),
            "key: expected an order ID of type integer, found a number beyond 32 bits (@). Make the"
                + " column order_id a bigint."),
        arguments(
            OrderIdType.UUID,
            "1-1-1-1-1",
            without("id"),
            "key: expected an order ID of type uuid, found text that is no UUID (@). Send 36"
                + " characters such as 00000000-0000-0000-0000-000000000000."),
        arguments(
            OrderIdType.UUID,
            map("order", 5L),
            without("id"),
            "key.order: expected an order ID of type uuid, found a whole number (@). Send 36"
                + " characters such as 00000000-0000-0000-0000-000000000000."),
        arguments(
            OrderIdType.TEXT,
            "",
            without("id"),
            "key: expected an order ID of type text, found empty text (@). Fill it in."),
        arguments(
            OrderIdType.BIGINT,
            null,
            null,
            "key: expected an order ID, found null (@). A tombstone names its order in the key:"
                + " write the topic with the order ID as key."),
        arguments(
            OrderIdType.BIGINT,
            map("shop", 1L, "tenant", 2L),
            null,
            "key: expected an order ID, found a map without it (@). A tombstone names its order in"
                + " the key: write the topic with the order ID as key."));
  }

  @ParameterizedTest
  @MethodSource("badKeys")
  void badKeyIsNamed(
      OrderIdType idType, @Nullable Object key, @Nullable Object value, String message) {
    assertBad(idType, record("orders", key, value), message);
  }

  @Test
  void versionOfTombstoneHasToBeOne() {
    // Given
    SinkRecord record = record("orders", 5L, null);
    record.headers().addString(OrderEvents.VERSION_HEADER, "latest");

    // Then
    assertBad(
        OrderIdType.BIGINT,
        record,
        "header orderflow.version: expected a version of 0 or more, found text that is no whole"
            + " number of 64 bits (@). "
            + AS_WHOLE);
  }
}
