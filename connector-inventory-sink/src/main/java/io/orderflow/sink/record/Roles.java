package io.orderflow.sink.record;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * The role of each topic.
 *
 * @param byTopic by the topic's name in Kafka, before any transformation renames it
 * @param deadLetters dead-letter queues, whose records have the role of their original topic
 */
public record Roles(Map<String, Role> byTopic, Set<String> deadLetters) {

  /** Written by the DeadLetterQueueReporter of Connect's runtime. */
  private static final String DEAD_LETTER_TOPIC_HEADER = "__connect.errors.topic";

  private static final String ORIGINAL_TOPIC = "the original topic of the record";

  public Roles {
    byTopic = Map.copyOf(byTopic);
    deadLetters = Set.copyOf(deadLetters);
  }

  /**
   * The role of a record.
   *
   * @throws BadRecordException for a dead letter without a header that names its original topic
   * @throws ConnectException for a topic without a role: the configuration is wrong, not the record
   */
  Role of(SinkRecord record) {
    @Nullable Role role = byTopic.get(record.originalTopic());
    if (role != null) {
      return role;
    }
    if (deadLetters.contains(record.originalTopic())) {
      return ofOriginalTopic(record);
    }
    throw new ConnectException(
        "topic "
            + record.originalTopic()
            + " has no role. Add it to topics.order, topics.inventory, topics.payment or"
            + " topics.dead.letter, or remove it from topics.");
  }

  /** Whether the record comes from a dead-letter queue. */
  public boolean isDeadLetter(SinkRecord record) {
    return deadLetters.contains(record.originalTopic());
  }

  /**
   * The role of the record's original topic. A record that was a dead letter several times has a
   * header for each time; the original topic is the one with a role.
   */
  private Role ofOriginalTopic(SinkRecord record) {
    Iterator<Header> topics = record.headers().allWithName(DEAD_LETTER_TOPIC_HEADER);
    if (!topics.hasNext()) {
      throw bad(
          record,
          "no such header",
          "Write the queue with errors.deadletterqueue.context.headers.enable=true, which adds the"
              + " header.");
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
        "List that topic in topics.order, topics.inventory or topics.payment.");
  }

  /** The type of the content depends on the header converter. */
  private static String text(@Nullable Object content) {
    return content instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(content);
  }

  private static BadRecordException bad(SinkRecord record, String found, String remedy) {
    return new FieldError(ORIGINAL_TOPIC, found, remedy)
        .at(Coordinates.of(record), "header " + DEAD_LETTER_TOPIC_HEADER);
  }
}
