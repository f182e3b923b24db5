package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.InterleavedTransactions;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.stack.LocalWorker;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log capture: every committed change reaches the topic, in the order of the commits. */
@OnRealWorkers
class EveryCommittedChangeIT {
  private static final int ORDERS = 100;
  private static final int COMMITS = 400;

  @ParameterizedTest
  @ValueSource(strings = {"poll", "connector"})
  void everyCommittedChangeArrivesInTheOrderOfTheCommits(String boundary, Stage stage)
      throws SQLException {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(ORDERS);
    // The log's place is the version: an order that a look-up shows early is emitted again in its
    // turn.
    shop.database().execute("ALTER TABLE orders DROP COLUMN version");
    Topic topic = stage.topic("orders", 1);
    Map<String, String> config = Capture.LOG.source(shop, topic);
    config.put("transaction.boundary", boundary);
    config.remove("version.column");
    String source = stage.connectors().start("source", config);
    await("the snapshot is done").until(() -> topic.count() == ORDERS);

    // When
    List<Set<String>> committed;
    try (var commits = new InterleavedTransactions(shop, ORDERS, 0)) {
      commits.runUntil(COMMITS / 2);
      LocalWorker worker = stage.workerOf(source, 0);
      worker.killHard();
      commits.runUntil(COMMITS);
      worker.start();
      commits.runUntil(COMMITS + 50);
      committed = commits.committed();
      assertTrue(commits.rolledBack() >= 20, "Rolled back: " + commits.rolledBack());
    }
    int changes = committed.stream().mapToInt(Set::size).sum();
    await("all changes have arrived").until(() -> topic.count() >= ORDERS + changes);

    // Then
    List<String> emitted = topic.events().stream().skip(ORDERS).map(Event::id).toList();
    assertEquals(committed, grouped(emitted, committed));
    assertEquals(changes, emitted.size());
  }

  /** The orders of one transaction may come in any order. */
  private static List<Set<String>> grouped(List<String> emitted, List<Set<String>> committed) {
    List<Set<String>> groups = new ArrayList<>();
    int from = 0;
    for (Set<String> transaction : committed) {
      int to = Math.min(emitted.size(), from + transaction.size());
      groups.add(new TreeSet<>(emitted.subList(from, to)));
      from = to;
    }
    return groups;
  }
}
