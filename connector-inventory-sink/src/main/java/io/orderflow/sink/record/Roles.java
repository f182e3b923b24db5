package io.orderflow.sink.record;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which topic has which role.
 *
 * @param byTopic by the topic's name in Kafka, before any transformation renames it
 * @param deadLetters topics that are dead-letter queues: each record has the role of the topic that
 *     it was in before
 */
public record Roles(Map<String, Role> byTopic, Set<String> deadLetters) {

  public Roles {
    byTopic = Map.copyOf(byTopic);
    deadLetters = Set.copyOf(deadLetters);
  }

  /**
   * @throws BadRecordException for a dead letter that does not tell where it was before
   * @throws ConnectException for a topic without a role: no record of it could ever be applied, so
   *     it is the configuration that is wrong, not the record
   */
  Role of(SinkRecord record) {
    @Nullable Role role = byTopic.get(record.originalTopic());
    if (role != null) {
      return role;
    }
    if (deadLetters.contains(record.originalTopic())) {
      return DeadLetter.role(record, byTopic);
    }
    throw new ConnectException(
        "expected a topic with a role, found topic "
            + record.originalTopic()
            + " without one. Name it in topics.order, topics.inventory, topics.payment or"
            + " topics.dead.letter, or take it out of topics.");
  }
}
