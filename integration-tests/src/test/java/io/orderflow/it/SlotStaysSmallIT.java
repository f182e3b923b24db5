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
import io.orderflow.it.fixture.Topic;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slot never fills the disk: no order changes while the rest of the shop writes, with
 * heartbeats that are as frequent as the test is short.
 */
@OnRealWorkers
class SlotStaysSmallIT {
  private static final Logger LOG = LoggerFactory.getLogger(SlotStaysSmallIT.class);
  private static final long MEGABYTE = 1 << 20;

  /** Two segments of the log, and what is written meanwhile. */
  private static final long MOST = 48 * MEGABYTE;

  private static final long TRAFFIC = 160 * MEGABYTE;
  private static final int ORDERS = 20;

  /** Some 16 MB of log, a segment. */
  private static final String VISITS =
      "INSERT INTO visits SELECT n, repeat(md5(n::text), 32) FROM generate_series(1, 15000) n";

  private Database database;
  private Map<String, String> config;
  private Topic topic;
  private String slot;
  private Stage stage;
  private Shop shop;

  @BeforeEach
  void shop(Stage stageOfTest) {
    stage = stageOfTest;
    shop = stage.shop("bigint");
    shop.fill(ORDERS);
    database = shop.database();
    database.execute("CREATE TABLE visits (id bigint, page text)");
    // Compressed pages would make the log smaller than what is written.
    database.execute("ALTER TABLE visits ALTER page SET STORAGE EXTERNAL");
    slot = Capture.slot(shop);
    topic = stage.topic("orders", 1);
    Topic heartbeats = stage.topic("heartbeats", 1);
    config = Capture.LOG.source(shop, topic);
    config.put("heartbeat.topic", heartbeats.name());
  }

  @Test
  void slotGoesOnWhileOnlyOtherTablesAreWritten() {
    // Given
    config.put("heartbeat.interval.ms", "200");
    capture();
    long begin = end();
    long confirmed = confirmed();
    long most = 0;

    // When
    while (end() - begin < TRAFFIC) {
      work();
      await("the log is given up again").until(() -> heldBack() < MOST);
      most = Math.max(most, heldBack());
    }

    // Then
    LOG.info(
        "{} MB of log written, at most {} MB of it held back after a heartbeat",
        (end() - begin) / MEGABYTE,
        most / MEGABYTE);
    long written = confirmed() - confirmed;
    assertTrue(written > TRAFFIC - MOST, "Confirmed on the way: " + written);
    assertEquals(ORDERS, topic.count());
    assertCaptures();
  }

  @Test
  void slotWithoutHeartbeatsHoldsBackAllThatIsWritten() {
    // Given
    config.put("heartbeat.interval.ms", "0");
    capture();
    long begin = end();

    // When
    while (end() - begin < 2 * MOST) {
      work();
    }

    // Then
    assertTrue(heldBack() > 2 * MOST, "Held back: " + heldBack());
    assertCaptures();
  }

  private void capture() {
    stage.connectors().start("source", config);
    await("the snapshot is done").until(() -> topic.count() == ORDERS);
  }

  /** A checkpoint updates the server's knowledge of the WAL that the slot needs. */
  private void work() {
    database.execute(VISITS, "CHECKPOINT");
  }

  private void assertCaptures() {
    database.execute("UPDATE orders SET version = version + 1 WHERE id = 1");
    await("changes are captured").until(topic::versions, equalTo(shop.versions()));
  }

  private long end() {
    return database.number("SELECT pg_current_wal_insert_lsn() - '0/0'");
  }

  private long heldBack() {
    return database.number(
        "SELECT pg_current_wal_insert_lsn() - restart_lsn FROM pg_replication_slots WHERE slot_name"
            + " = '"
            + slot
            + "'");
  }

  private long confirmed() {
    return database.number(
        "SELECT confirmed_flush_lsn - '0/0' FROM pg_replication_slots WHERE slot_name = '"
            + slot
            + "'");
  }
}
