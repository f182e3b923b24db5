package io.orderflow.it.watchdog;

import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Warehouse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/** A sink, with orders that the test writes and a dead-letter queue. */
final class SinkSubject extends Subject {
  private static final int GOOD = 10;
  private static final long FIRST_GOOD = 1_000_000;

  private final Warehouse warehouse;
  private final Topic topic;
  private Topic queue;
  private final Set<String> placed = new HashSet<>();
  private Map<TopicPartition, Long> mark = Map.of();

  SinkSubject(Stage stage, Fault fault) {
    super(stage, fault, stage.database("sink" + number()));
    warehouse = Warehouse.create(database());
    topic = stage.topic(database().name(), fault.tasks());
    queue = stage.topic(database().name() + "-dead", 1);
  }

  @Override
  void install() {
    warehouse.count(1_000_000, List.of("A", "B"));
    execute("GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO %role%");
  }

  @Override
  Map<String, String> settings() {
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", topic));
    Connectors.deadLetters(config, queue);
    return config;
  }

  @Override
  void place(long id) {
    send(List.of(order(id)));
  }

  /** Sends the message among good orders, which a task receives at once. */
  void placeAmongGood(Topic.Message message) {
    List<Topic.Message> messages = new ArrayList<>();
    for (int i = 0; i < GOOD; i++) {
      messages.add(order(FIRST_GOOD + i));
    }
    messages.add(1, message);
    send(messages);
  }

  /** No broker creates it again. */
  void deleteQueue() throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(queue.name())).all().get();
    }
  }

  /** Nobody may do this with the queue from now on. */
  void forbidQueue(AclOperation operation) throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      admin
          .createAcls(
              List.of(
                  access(AclOperation.ALL, AclPermissionType.ALLOW),
                  access(operation, AclPermissionType.DENY)))
          .all()
          .get();
    }
  }

  void allowQueue() throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      admin
          .deleteAcls(
              List.of(
                  new AclBindingFilter(
                      new ResourcePatternFilter(
                          ResourceType.TOPIC, queue.name(), PatternType.LITERAL),
                      AccessControlEntryFilter.ANY)))
          .all()
          .get();
    }
  }

  private AclBinding access(AclOperation operation, AclPermissionType permission) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, queue.name(), PatternType.LITERAL),
        new AccessControlEntry("User:*", "*", operation, permission));
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", stage().stack().kafka().bootstrapServers()));
  }

  void createQueue() {
    queue = stage().topicAsNamed(queue.name(), 1);
  }

  private void send(List<Topic.Message> messages) {
    topic.send(messages);
    messages.forEach(message -> placed.add(String.valueOf(message.key())));
  }

  private static Topic.Message order(long id) {
    return Messages.order(id, 1, "PENDING", new Item("A", 1), new Item("B", 1));
  }

  @Override
  void mark() {
    mark = topic.ends();
  }

  @Override
  boolean isSettled() {
    Map<TopicPartition, Long> applied = stage().connectors().applied(connector());
    return mark.entrySet().stream()
        .allMatch(end -> applied.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }

  @Override
  String damage() {
    Set<String> finished = new HashSet<>(warehouse.versions().keySet());
    List<String> dead = new ArrayList<>();
    queue.events().forEach(letter -> dead.add(letter.id()));
    finished.addAll(dead);
    if (!finished.equals(placed)) {
      return "%d orders of %d are applied or in the dead-letter queue"
          .formatted(finished.size(), placed.size());
    }
    dead.removeIf(id -> id.equals(String.valueOf(SinkFaults.BAD_ORDER)));
    return dead.isEmpty() ? "" : "good orders are in the dead-letter queue: " + dead;
  }
}
