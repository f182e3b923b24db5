package io.orderflow.sink.record;

import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Which topic has which role.
 *
 * @param byTopic by the topic's name in Kafka, before any transformation renames it
 */
public record Roles(Map<String, Role> byTopic) {

  public Roles {
    byTopic = Map.copyOf(byTopic);
  }

  /**
   * @throws ConnectException for a topic without a role: no record of it could ever be applied, so
   *     it is the configuration that is wrong, not the record
   */
  Role of(SinkRecord record) {
    Role role = byTopic.get(record.originalTopic());
    if (role == null) {
      throw new ConnectException(
          "expected a topic with a role, found topic "
              + record.originalTopic()
              + " without one. Name it in topics.order, topics.inventory or topics.payment, or take it"
              + " out of topics.");
    }
    return role;
  }
}
