package io.orderflow.source.log.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.SlotRun;
import io.orderflow.source.log.slot.ReplicationConnection.CreatedSlot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;

/** The stream of a slot begins, for each row, where the snapshot of its creation ends. */
class SlotSnapshotTest {

  private static final int WRITERS = 6;

  private final AtomicLong ids = new AtomicLong();
  private final AtomicBoolean stopped = new AtomicBoolean();

  @RepeatedTest(3)
  void rowIsEitherVisibleInTheSnapshotOrStreamed() throws Exception {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(
        "CREATE TABLE notes (id bigint PRIMARY KEY, top xid8 NOT NULL DEFAULT"
            + " pg_current_xact_id()); CREATE PUBLICATION notes FOR TABLE notes");
    SlotRun run = SlotRun.of(shop);
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    List<Future<Boolean>> ends = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int seed = i;
      Callable<Boolean> writer = () -> write(shop, new Random(seed));
      ends.add(writers.submit(writer));
    }
    awaitRows(200);

    // When
    CreatedSlot created = run.create();
    awaitRows(ids.get() + 200);
    stopped.set(true);
    for (Future<Boolean> end : ends) {
      assertTrue(end.get());
    }
    writers.shutdown();
    Set<String> streamed;
    try (LogStream stream = run.stream("notes", created.consistentLsn())) {
      streamed = new TreeSet<>(SlotRun.inserted(stream, run.end()));
    }

    // Then
    Map<String, Boolean> shown = visibility(shop, created.snapshot(), "top");
    assertEquals(shown, visibility(shop, created.snapshot(), "xmin::text::xid8"));
    Set<String> hidden = new TreeSet<>();
    shown.forEach((id, visible) -> (visible ? new TreeSet<String>() : hidden).add(id));
    assertEquals(hidden, streamed);
    assertTrue(hidden.size() > 100 && shown.size() > hidden.size() + 100, "rows of both kinds");
    run.drop();
  }

  /**
   * Commits transactions of several lengths, some with subtransactions, and rolls others back in
   * part or in full.
   */
  private boolean write(Shop shop, Random random) throws SQLException, InterruptedException {
    try (Connection connection = shop.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stopped.get()) {
        insert(statement);
        for (int i = random.nextInt(4); i > 0; i--) {
          statement.execute("SAVEPOINT s");
          insert(statement);
          if (random.nextInt(4) == 0) {
            statement.execute("ROLLBACK TO SAVEPOINT s");
          }
          Thread.sleep(random.nextInt(10));
        }
        if (random.nextInt(5) == 0) {
          connection.rollback();
        } else {
          connection.commit();
        }
      }
      return true;
    }
  }

  private void insert(Statement statement) throws SQLException {
    statement.execute("INSERT INTO notes VALUES (" + ids.incrementAndGet() + ")");
  }

  private void awaitRows(long rows) throws InterruptedException {
    while (ids.get() < rows) {
      Thread.sleep(5);
    }
  }

  private static Map<String, Boolean> visibility(Shop shop, String snapshot, String xid)
      throws SQLException {
    Map<String, Boolean> shown = new TreeMap<>();
    String sql = "SELECT id, pg_visible_in_snapshot(%s, ?::pg_snapshot) FROM notes".formatted(xid);
    try (Connection connection = shop.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, snapshot);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          shown.put(row.getString(1), row.getBoolean(2));
        }
      }
    }
    return shown;
  }
}
