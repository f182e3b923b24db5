package io.orderflow.sink.record;

import static io.orderflow.sink.fixture.Values.map;
import static io.orderflow.sink.fixture.Values.order;
import static io.orderflow.sink.record.Records.assertBad;
import static io.orderflow.sink.record.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.update.PaymentUpdate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

  private static final String HEADER = "__connect.errors.topic";

  private final UpdateReader reader = Records.reader(OrderIdType.BIGINT);

  @Test
  void deadLetterHasTheRoleOfTheTopicThatItWasIn() {
    // Given
    SinkRecord letter = deadLetter(order(), "orders");

    // Then
    assertEquals(reader.read(record("orders", 5L, order())), reader.read(letter));
  }

  @Test
  void topicMayBeTextOrBytes() throws IOException {
    // Given
    byte[] topic = "payments".getBytes(StandardCharsets.UTF_8);
    Object value = map("version", 1L, "status", "PAID");
    Object simple;
    try (SimpleHeaderConverter converter = new SimpleHeaderConverter()) {
      simple = converter.toConnectHeader("dead-letters", HEADER, topic).value();
    }

    // Then
    List<?> expected = List.of(new PaymentUpdate(5L, 1, "PAID", null, null, null, null));
    assertEquals(expected, reader.read(deadLetter(value, topic)));
    assertEquals(expected, reader.read(deadLetter(value, simple)));
  }

  @Test
  void recordThatWasADeadLetterTwiceCountsAsWhereItBegan() {
    // Given: Connect adds its headers to those that there are
    SinkRecord letter = deadLetter(order(), "orders", "dead-letters");

    // Then
    assertEquals(2, reader.read(letter).size());
  }

  @Test
  void tombstoneMayBeADeadLetter() {
    assertEquals(reader.read(record("orders", 5L, null)), reader.read(deadLetter(null, "orders")));
  }

  @Test
  void deadLetterWithoutItsTopicIsABadRecord() {
    assertBad(
        OrderIdType.BIGINT,
        deadLetter(order()),
        "header __connect.errors.topic: expected the original topic of the record, found no such"
            + " header (@). Write the queue with"
            + " errors.deadletterqueue.context.headers.enable=true, which adds the header.");
  }

  @Test
  void deadLetterOfATopicWithoutARoleIsABadRecord() {
    // Given
    String message =
        "header __connect.errors.topic: expected the original topic of the record, found a topic"
            + " without a role (@). List that topic in topics.order, topics.inventory or"
            + " topics.payment.";

    // Then
    assertBad(OrderIdType.BIGINT, deadLetter(order(), "invoices"), message);
    assertBad(OrderIdType.BIGINT, deadLetter(order(), (Object) null), message);
  }

  @Test
  void badOnceMoreItIsNamedByItsPlaceInTheQueue() {
    assertBad(
        OrderIdType.BIGINT,
        deadLetter("text", "orders"),
        "value: expected a struct or a map, found text (@). Set value.converter to the converter"
            + " that the topic was written with.");
  }

  private static SinkRecord deadLetter(@Nullable Object value, @Nullable Object... topics) {
    ConnectHeaders headers = new ConnectHeaders();
    for (Object topic : topics) {
      headers.add(HEADER, topic, (Schema) null);
    }
    SinkRecord bare = record("dead-letters", 5L, value);
    return bare.newRecord(bare.topic(), 3, null, bare.key(), null, bare.value(), null, headers);
  }
}
