package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Tally;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Writers;
import io.orderflow.stack.LocalWorker;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A killed initial snapshot continues where it was, beside the stream. */
@OnRealWorkers
class InitialSnapshotIT {
  private static final Logger LOG = LoggerFactory.getLogger(InitialSnapshotIT.class);
  private static final Duration SOON = Duration.ofMinutes(10);

  /** The command of CONTRIBUTING.md has more orders and more kills. */
  private static final int ORDERS = Integer.getInteger("orderflow.snapshot.orders", 20_000);

  private static final int KILLS = Integer.getInteger("orderflow.snapshot.kills", 2);
  private static final int CHUNKS = 120;
  private static final int CONNECTIONS = 2;

  private static final int ITEMS_OF_EACH = 2;

  /**
   * The maximum cost of a kill in chunks: one for each connection, one more that is read ahead, and
   * one whose Kafka transaction has not ended.
   */
  private static final int CHUNKS_OF_A_KILL = CONNECTIONS + 2;

  /**
   * The number of items read by chunks and by look-ups of changed orders. The search for items
   * without an order, at the start, reads all keys, but by a scan of the table or of the index
   * alone.
   */
  private static final String ITEMS_READ =
      "SELECT idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'order_items'";

  @Test
  void killedSnapshotContinuesWhereItWasAndEmitsEachOrderOnce(Stage stage) {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(ORDERS);
    shop.database().execute("VACUUM ANALYZE orders", "VACUUM ANALYZE order_items");
    Topic topic = stage.topic("orders", 4);
    Map<String, String> config = Capture.LOG.source(shop, topic);
    config.put("transaction.boundary", "connector");
    int chunk = Math.min(5_000, ORDERS / CHUNKS);
    config.put("snapshot.chunk.size", Integer.toString(chunk));
    config.put("snapshot.max.threads", Integer.toString(CONNECTIONS));
    long readBefore = shop.database().number(ITEMS_READ);
    Tally tally = new Tally();

    // When
    long committed;
    long start = System.nanoTime();
    try (Writers writers =
        Writers.start(
            shop,
            1,
            Duration.ofMillis(20),
            (connection, random) ->
                Database.execute(
                    connection,
                    "UPDATE orders SET status = 'PAID', version = version + 1 WHERE id = ?",
                    1L + random.nextInt(ORDERS)))) {
      String source = stage.connectors().start("source", config);
      for (int kill = 1; kill <= KILLS; kill++) {
        long share = (long) ORDERS * kill / (KILLS + 1);
        await("share " + kill + " of the snapshot is emitted")
            .atMost(SOON)
            .until(() -> emitted(topic) >= share);
        LocalWorker worker = stage.workerOf(source, 0);
        worker.killHard();
        worker.start();
      }
      await("all are there")
          .atMost(SOON)
          .until(() -> tally.read(topic).versions().size() == ORDERS);
      committed = writers.committed();
    }
    Map<String, Long> versions = shop.versions();
    await("the newest versions are captured")
        .atMost(SOON)
        .until(() -> tally.read(topic).versions(), equalTo(versions));

    // Then
    long read = shop.database().number(ITEMS_READ) - readBefore;
    LOG.info(
        "{} orders in {} s with {} changes beside: {} items read, {}",
        ORDERS,
        (System.nanoTime() - start) / 1_000_000_000,
        committed,
        read,
        tally);
    assertTrue(read >= (long) ORDERS * ITEMS_OF_EACH, "the index finds the items of each chunk");
    long readAgain = read / ITEMS_OF_EACH - ORDERS - committed;
    assertTrue(
        readAgain <= (long) KILLS * CHUNKS_OF_A_KILL * chunk,
        () -> readAgain + " orders were read again, in chunks of " + chunk);
    assertEquals(0, tally.repeated(), "Versions that are there twice");
    assertEquals(0, tally.backwards(), "Versions that do not grow");
    assertEquals(0, tally.snapshotAgain(), "Orders that were emitted twice by the snapshot");
    assertTrue(tally.snapshot() <= ORDERS, tally::toString);
  }

  private static long emitted(Topic topic) {
    return topic.ends().values().stream().mapToLong(Long::longValue).sum();
  }
}
