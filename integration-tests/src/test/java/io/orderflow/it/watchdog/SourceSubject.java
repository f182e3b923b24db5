package io.orderflow.it.watchdog;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A source, with a shop that the test places orders in. */
final class SourceSubject extends Subject {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Capture capture;
  private final Shop shop;
  private final Topic topic;
  private final Set<String> placed = new HashSet<>();
  private Set<String> mark = Set.of();

  SourceSubject(Stage stage, Fault fault, Capture capture) {
    super(stage, fault, stage.database("source" + number()));
    this.capture = capture;
    shop = Shop.create(database(), "bigint");
    topic = stage.topic(database().name(), 1);
  }

  @Override
  void install() {
    execute("GRANT SELECT ON orders, order_items TO %role%");
    if (capture == Capture.LOG) {
      execute(
          "ALTER ROLE %role% REPLICATION",
          "CREATE PUBLICATION orderflow FOR TABLE orders, order_items");
    } else {
      shop.install();
    }
  }

  @Override
  Map<String, String> settings() {
    Map<String, String> config = capture.source(shop, topic);
    if (capture == Capture.LOG) {
      config.put("publication.autocreate.mode", "disabled");
    }
    return config;
  }

  @Override
  void place(long id) throws SQLException {
    // A server that is frozen must not hold up the test.
    try (Connection connection = database().connect(PATIENCE)) {
      connection.setAutoCommit(false);
      // The fault may be a lock of the whole table, which must not hold up the test.
      Database.execute(connection, "SET LOCAL lock_timeout = 50");
      Shop.place(connection, id, "PENDING", new Item("A", 1), new Item("B", 1));
      connection.commit();
    }
    placed.add(Long.toString(id));
  }

  @Override
  void mark() {
    mark = Set.copyOf(placed);
  }

  @Override
  boolean isSettled() {
    return topic.versions().keySet().containsAll(mark);
  }

  @Override
  String damage() {
    return topic.versions().keySet().equals(placed)
            && (isCapturedAgain() || topic.duplicates().isEmpty())
        ? ""
        : "%d orders were placed, %d were emitted, %d more than once"
            .formatted(placed.size(), topic.versions().size(), topic.duplicates().size());
  }
}
