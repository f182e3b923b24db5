package io.orderflow.sink;

import static io.orderflow.sink.config.ConfigKeys.TOPICS_DEAD_LETTER;
import static io.orderflow.sink.config.ConfigKeys.TOPICS_INVENTORY;
import static io.orderflow.sink.config.ConfigKeys.TOPICS_ORDER;
import static io.orderflow.sink.config.ConfigKeys.TOPICS_PAYMENT;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.sink.record.Role;
import io.orderflow.sink.record.Roles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Which topic has which role: the {@code topics.*} settings. */
final class TopicSettings {

  /** A setting of Connect: the topics that the connector consumes. */
  private static final String CONSUMED = "topics";

  /** A setting of Connect: the connector's own dead-letter queue. */
  private static final String OWN_QUEUE = "errors.deadletterqueue.topic.name";

  private static final Map<String, Role> ROLES = new LinkedHashMap<>();

  static {
    ROLES.put(TOPICS_ORDER, Role.ORDER);
    ROLES.put(TOPICS_INVENTORY, Role.INVENTORY);
    ROLES.put(TOPICS_PAYMENT, Role.PAYMENT);
  }

  private static final String ROLE_SETTINGS =
      String.join(", ", ROLES.keySet()) + " or " + TOPICS_DEAD_LETTER;

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Topics",
          topics(
              TOPICS_ORDER,
              "Topics of the connector with order events, as the orders source writes them. They"
                  + " change stock by the order's status, and carry the amount due. Topics have their"
                  + " names in Kafka, before any transformation renames them."),
          topics(
              TOPICS_INVENTORY,
              "Topics of the connector with inventory updates, which carry their intent, such as"
                  + " RECEIVE or ADJUST."),
          topics(TOPICS_PAYMENT, "Topics of the connector with payment updates."),
          topics(
              TOPICS_DEAD_LETTER,
              "Topics of the connector that are dead-letter queues of such a sink, to be applied once"
                  + " the cause is fixed. Each record is treated as one of the topic in its header"
                  + " __connect.errors.topic; that topic needs a role, but need not be in topics. The"
                  + " queue must have been written with"
                  + " errors.deadletterqueue.context.headers.enable=true."));

  private TopicSettings() {}

  private static Setting topics(String key, String documentation) {
    return Setting.of(key, Type.LIST).defaultsTo(List.of()).high().documented(documentation);
  }

  static Roles roles(AbstractConfig config) {
    Map<String, Role> roles = new HashMap<>();
    ROLES.forEach((key, role) -> config.getList(key).forEach(topic -> roles.put(topic, role)));
    return new Roles(roles, Set.copyOf(config.getList(TOPICS_DEAD_LETTER)));
  }

  /** Topics with two roles and, if the consumed topics are listed, topics without a role. */
  static List<Finding> findings(AbstractConfig config) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> keys = new LinkedHashMap<>();
    ROLES.keySet().forEach(key -> collect(config, key, keys, findings));
    if (keys.isEmpty()) {
      findings.add(new Finding(TOPICS_ORDER, "no topic has a role; list each in " + ROLE_SETTINGS));
    }
    collect(config, TOPICS_DEAD_LETTER, keys, findings);
    List<String> consumed = consumed(config);
    if (!keys.isEmpty() && !consumed.isEmpty()) {
      compare(consumed, keys, findings);
    }
    ownQueue(config)
        .filter(config.getList(TOPICS_DEAD_LETTER)::contains)
        .ifPresent(
            ownQueue ->
                findings.add(
                    new Finding(
                        TOPICS_DEAD_LETTER,
                        ("%s is the connector's own dead-letter queue, so records that are still"
                                + " bad would return forever; set another topic in %s")
                            .formatted(ownQueue, OWN_QUEUE))));
    return findings;
  }

  /** The connector's own dead-letter queue. */
  static Optional<String> ownQueue(AbstractConfig config) {
    return Optional.ofNullable(config.originals().get(OWN_QUEUE))
        .map(Object::toString)
        .filter(topic -> !topic.isBlank());
  }

  private static void collect(
      AbstractConfig config, String key, Map<String, String> keys, List<Finding> findings) {
    for (String topic : config.getList(key)) {
      String other = keys.putIfAbsent(topic, key);
      if (other != null) {
        findings.add(
            new Finding(
                key, "topic %s is also in %s; remove it from one of them".formatted(topic, other)));
      }
    }
  }

  private static void compare(
      List<String> consumed, Map<String, String> keys, List<Finding> findings) {
    for (String topic : consumed) {
      if (!keys.containsKey(topic)) {
        findings.add(
            new Finding(
                TOPICS_ORDER,
                "topic %s is in %s and has no role; list it in %s"
                    .formatted(topic, CONSUMED, ROLE_SETTINGS)));
      }
    }
    boolean deadLetters = keys.containsValue(TOPICS_DEAD_LETTER);
    keys.forEach(
        (topic, key) -> {
          // Dead letters of a topic can be applied without consuming the topic.
          if (!consumed.contains(topic) && (!deadLetters || key.equals(TOPICS_DEAD_LETTER))) {
            findings.add(
                new Finding(
                    key,
                    "topic %s has a role and is not consumed; add it to %s"
                        .formatted(topic, CONSUMED)));
          }
        });
  }

  /** The consumed topics; empty if they are given as a pattern. */
  private static List<String> consumed(AbstractConfig config) {
    Object topics = config.originals().get(CONSUMED);
    return topics == null || topics.toString().isBlank()
        ? List.of()
        : List.of(topics.toString().strip().split("\\s*,\\s*", -1));
  }
}
