package io.orderflow.sink;

import io.orderflow.common.config.Finding;
import io.orderflow.sink.record.Role;
import io.orderflow.sink.record.Roles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Which topic has which role: the {@code topics.*} settings. */
final class TopicSettings {

  static final String ORDER = "topics.order";
  static final String INVENTORY = "topics.inventory";
  static final String PAYMENT = "topics.payment";
  static final String DEAD_LETTER = "topics.dead.letter";

  /** A setting of Connect. */
  private static final String OWN_QUEUE = "errors.deadletterqueue.topic.name";

  private static final String GROUP = "Topics";
  private static final Map<String, Role> ROLES = new LinkedHashMap<>();

  static {
    ROLES.put(ORDER, Role.ORDER);
    ROLES.put(INVENTORY, Role.INVENTORY);
    ROLES.put(PAYMENT, Role.PAYMENT);
  }

  private static final String NAME_TOPICS =
      "name the topics in " + String.join(", ", ROLES.keySet()) + " or " + DEAD_LETTER;

  private TopicSettings() {}

  static void define(ConfigDef definition) {
    define(
        definition,
        1,
        ORDER,
        "Those of the connector's topics that carry order events, as the orders source writes them:"
            + " they move stock by the order's status, and say what is due. Topics are named as in"
            + " Kafka, before any transformation renames them.");
    define(
        definition,
        2,
        INVENTORY,
        "Those of the connector's topics that carry inventory updates, which name their intent:"
            + " RESERVE, RELEASE, SHIP, RECEIVE or RETURN.");
    define(definition, 3, PAYMENT, "Those of the connector's topics that carry payment updates.");
    define(
        definition,
        4,
        DEAD_LETTER,
        "Those of the connector's topics that are dead-letter queues of such a sink, to be applied"
            + " after the cause is mended. Each record counts as one of the topic that its header"
            + " __connect.errors.topic names; that topic needs a role, and need not be in topics."
            + " The queue has to be written with"
            + " errors.deadletterqueue.context.headers.enable=true.");
  }

  private static void define(ConfigDef definition, int order, String key, String documentation) {
    definition.define(
        key, Type.LIST, List.of(), Importance.HIGH, documentation, GROUP, order, Width.LONG, key);
  }

  static Roles roles(AbstractConfig config) {
    Map<String, Role> roles = new HashMap<>();
    ROLES.forEach((key, role) -> config.getList(key).forEach(topic -> roles.put(topic, role)));
    return new Roles(roles, Set.copyOf(config.getList(DEAD_LETTER)));
  }

  /** Topics with two roles; and, where the consumed topics are listed, those without a role. */
  static List<Finding> findings(AbstractConfig config) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> keys = new LinkedHashMap<>();
    ROLES.keySet().forEach(key -> collect(config, key, keys, findings));
    if (keys.isEmpty()) {
      findings.add(
          new Finding(ORDER, "expected a role for each topic, found none: " + NAME_TOPICS));
    }
    collect(config, DEAD_LETTER, keys, findings);
    List<String> consumed = consumed(config);
    if (!keys.isEmpty() && !consumed.isEmpty()) {
      compare(consumed, keys, findings);
    }
    Object ownQueue = config.originals().get(OWN_QUEUE);
    if (ownQueue != null && config.getList(DEAD_LETTER).contains(ownQueue.toString())) {
      findings.add(
          new Finding(
              DEAD_LETTER,
              "expected another queue than the connector's own, found the topic of "
                  + OWN_QUEUE
                  + ": what is still bad would go round for ever"));
    }
    return findings;
  }

  private static void collect(
      AbstractConfig config, String key, Map<String, String> keys, List<Finding> findings) {
    for (String topic : config.getList(key)) {
      String other = keys.putIfAbsent(topic, key);
      if (other != null) {
        findings.add(
            new Finding(
                key, "expected one role for each topic, found " + topic + " here and in " + other));
      }
    }
  }

  private static void compare(
      List<String> consumed, Map<String, String> keys, List<Finding> findings) {
    for (String topic : consumed) {
      if (!keys.containsKey(topic)) {
        findings.add(
            new Finding(
                ORDER, "topic " + topic + " is in topics, and has no role: " + NAME_TOPICS));
      }
    }
    boolean deadLetters = keys.containsValue(DEAD_LETTER);
    keys.forEach(
        (topic, key) -> {
          // Dead letters of a topic are applied without the topic.
          if (!consumed.contains(topic) && (!deadLetters || key.equals(DEAD_LETTER))) {
            findings.add(
                new Finding(
                    key, "topic " + topic + " has a role, and is not in topics: add it there"));
          }
        });
  }

  /** None where the topics are given as a pattern. */
  private static List<String> consumed(AbstractConfig config) {
    Object topics = config.originals().get("topics");
    return topics == null || topics.toString().isBlank()
        ? List.of()
        : List.of(topics.toString().strip().split("\\s*,\\s*", -1));
  }
}
