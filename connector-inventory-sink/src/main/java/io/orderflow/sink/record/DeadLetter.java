package io.orderflow.sink.record;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Records that come back from a dead-letter queue. */
final class DeadLetter {

  /** As the DeadLetterQueueReporter of Connect's runtime writes it. */
  private static final String TOPIC_HEADER = "__connect.errors.topic";

  private static final String EXPECTED = "the topic that the record was in";

  private DeadLetter() {}

  /**
   * The role of the topic that the record was in before. One that was a dead letter several times
   * has a header for each; the topic that has a role is where it began.
   */
  static Role role(SinkRecord record, Map<String, Role> byTopic) {
    Iterator<Header> topics = record.headers().allWithName(TOPIC_HEADER);
    if (!topics.hasNext()) {
      throw bad(
          record,
          "no such header",
          "Only a queue that is written with errors.deadletterqueue.context.headers.enable=true"
              + " tells it.");
    }
    while (topics.hasNext()) {
      Role role = byTopic.get(text(topics.next().value()));
      if (role != null) {
        return role;
      }
    }
    throw bad(
        record,
        "a topic without a role",
        "Name that topic in topics.order, topics.inventory or topics.payment.");
  }

  /** It depends on the header converter what there is. */
  private static String text(@Nullable Object content) {
    return content instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(content);
  }

  private static BadRecordException bad(SinkRecord record, String found, String remedy) {
    return new FieldError(EXPECTED, found, remedy)
        .at(Coordinates.of(record), "header " + TOPIC_HEADER);
  }
}
