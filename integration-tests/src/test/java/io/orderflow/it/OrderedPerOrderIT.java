package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.Findings;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Writers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Versions of one order strictly grow within its partition, and its ID is the key. */
@OnRealWorkers
class OrderedPerOrderIT {
  private static final int ORDERS = 60;

  /** Types of order IDs, and how to make one of a number n. */
  private enum Ids {
    BIGINT("n"),
    INTEGER("n"),
    UUID("('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid"),
    TEXT("'Order \"' || n || '\" für Ærø'");

    private final String sql;

    Ids(String sql) {
      this.sql = sql;
    }
  }

  @ParameterizedTest
  @EnumSource
  void versionsOfAnOrderGrowWithinOnePartition(Ids ids, Stage stage) {
    grow(ids, Capture.QUERY, stage);
  }

  @ParameterizedTest
  @EnumSource(names = {"BIGINT", "TEXT"})
  void versionsOfTheLogGrowWithinOnePartition(Ids ids, Stage stage) {
    grow(ids, Capture.LOG, stage);
  }

  private static void grow(Ids ids, Capture capture, Stage stage) {
    // Given
    Shop shop = stage.shop(ids.name());
    shop.database()
        .execute(
            "INSERT INTO orders (id) SELECT "
                + ids.sql
                + " FROM generate_series(1, "
                + ORDERS
                + ") n");
    Topic topic = stage.topic("orders", 8);
    Map<String, String> config = capture.tasks(capture.source(shop, topic), 4);
    config.put("poll.interval.ms", "10");
    if (capture == Capture.QUERY) {
      // The shipped SQL is for bigint; for any other type, validate says what to run. It
      // registers the connector by its name.
      config.put("name", stage.connectors().fullName("source"));
      Findings.run(
          Findings.of(stage.connectors().rest(), config).only("change.xid.column"),
          shop.database());
    }
    stage.connectors().start("source", config);

    // When
    String change =
        "UPDATE orders SET version = version + 1 WHERE id ="
            + " (SELECT id FROM orders ORDER BY id OFFSET ? LIMIT 1)";
    try (Writers writers =
        Writers.start(
            shop,
            3,
            Duration.ofMillis(3),
            (connection, random) -> Database.execute(connection, change, random.nextInt(ORDERS)))) {
      await("many versions of each order were captured")
          .until(() -> writers.committed() > 1_000 && topic.count() > 10 * ORDERS);
    }
    Map<String, Long> newest = shop.versions();
    await("the newest version of every order was captured").until(topic::versions, equalTo(newest));

    // Then
    assertEquals(List.of(), topic.unordered());
    assertTrue(
        topic.events().stream().allMatch(e -> e.id().equals(e.value().path("id").asText())),
        "Each key is the event's order ID");
    assertTrue(
        topic.events().stream().map(Event::partition).distinct().count() > 1,
        "The orders are spread over partitions");
  }
}
