package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandoverTest {

  private static final String SETTINGS_VERSION = "version.column";

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final Map<String, String> settings = shop.logSettings(Map.of());
  private final List<SourceRecord> emitted = new ArrayList<>();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void changesAreEmittedOnceAcrossHandovers(boolean versions) throws SQLException {
    // Given
    shop.run("ALTER TABLE orders ADD COLUMN revision bigint NOT NULL DEFAULT 1");
    if (versions) {
      settings.put(SETTINGS_VERSION, "revision");
    }
    insert(1, 6);
    CaptureRun run = capture("query");
    poll(run, 6);

    // When
    run = handOver(run, "log", 1);
    run = handOver(run, "query", 2);
    run = handOver(run, "log", 3);
    run = handOver(run, "query", 4);
    change(1, "last");
    poll(run, 1);
    run.close();

    // Then
    assertEquals(6 + 4 * 7 + 1, emitted.size());
    assertEmittedOnce();
    assertLatestIsEmitted();
  }

  /** Changes seven orders before, during and after the handover. */
  private CaptureRun handOver(CaptureRun before, String capture, int epoch) throws SQLException {
    try (Connection early = shop.connect();
        Connection late = shop.connect()) {
      early.setAutoCommit(false);
      early.createStatement().execute(update(1, "early" + epoch));
      change(2, "running" + epoch);
      // Query capture reads past the open transaction only after it ends, and leaves it to the log.
      boolean fromLog = capture.equals("query");
      poll(before, fromLog ? 1 : 0);
      before.close();
      change(3, "stopped" + epoch);
      insert(10 + epoch, 10 + epoch);
      shop.run(
          update(4, "items" + epoch)
              + "; UPDATE order_items SET quantity = quantity + 1 WHERE order_id = 4");
      CaptureRun after = capture(capture);
      CompletableFuture<Void> polling =
          CompletableFuture.runAsync(() -> poll(after, fromLog ? 6 : 7));
      awaitSlot();
      change(5, "handover" + epoch);
      late.setAutoCommit(false);
      late.createStatement().execute(update(6, "late" + epoch));
      early.commit();
      late.commit();
      polling.join();
      return after;
    }
  }

  @Test
  void initialSnapshotAfterQueryCaptureResumesWhereItStopped() {
    // Given
    settings.put("snapshot.chunk.size", "2");
    settings.put("snapshot.max.threads", "1");
    settings.put("batch.max.orders", "4");
    insert(1, 20);
    try (CaptureRun run = capture("query")) {
      poll(run, 20);
    }
    for (int id = 2; id <= 20; id += 2) {
      change(id, "changed");
    }

    // When
    try (CaptureRun run = capture("log")) {
      while (emitted.size() < 23) {
        add(run.poll());
      }
    }
    try (CaptureRun run = capture("log")) {
      poll(run, 30 - emitted.size());
    }

    // Then
    assertEmittedOnce();
    assertLatestIsEmitted();
    assertEquals("change", emitted.get(29).headers().lastWithName("orderflow.kind").value());
  }

  @Test
  void initialSnapshotEmitsAllOrdersOfShardsWithoutOffset() {
    // Given
    insert(1, 1);
    try (CaptureRun run = capture("query")) {
      poll(run, 1);
    }
    insert(2, 20);

    // When
    try (CaptureRun run = capture("log")) {
      poll(run, 19);
    }

    // Then
    assertEmittedOnce();
    assertLatestIsEmitted();
  }

  @Test
  void slotCanBeDroppedAfterTheHandoverToQuery() {
    // Given
    insert(1, 5);
    try (CaptureRun run = capture("log")) {
      poll(run, 5);
    }
    change(1, "stopped");

    // When
    List<SourceRecord> first;
    try (CaptureRun run = capture("query")) {
      first = run.poll();
    }
    shop.dropSlots();
    try (CaptureRun run = capture("query")) {
      poll(run, 1);
      change(2, "running");
      poll(run, 1);
    }

    // Then
    assertEquals(4, first.size());
    assertEquals(
        List.of(1L),
        first.stream().map(record -> record.sourceOffset().get("epoch")).distinct().toList());
    assertEmittedOnce();
    assertLatestIsEmitted();
  }

  @Test
  void handoverToQueryIsRefusedDuringTheInitialSnapshot() {
    // Given
    settings.put("snapshot.chunk.size", "1");
    insert(1, 5);
    try (CaptureRun run = capture("log")) {
      while (emitted.isEmpty()) {
        add(run.poll());
      }
    }

    // When
    try (CaptureRun run = capture("query")) {
      ConnectException refused = assertThrows(ConnectException.class, run::poll);

      // Then
      assertTrue(String.valueOf(refused.getMessage()).contains("snapshot"));
    }
  }

  @Test
  void handoverToLogIsRefusedUntilAllShardsAreCaptured() {
    // Given
    insert(1, 5);
    try (CaptureRun run = capture("log")) {
      poll(run, 5);
    }
    settings.put(OrdersSourceConfig.TASK_SHARDS, "0,1");
    try (CaptureRun run = capture("query")) {
      run.poll();
    }

    // When
    try (CaptureRun run = capture("log")) {
      ConnectException refused = assertThrows(ConnectException.class, run::poll);

      // Then
      assertTrue(String.valueOf(refused.getMessage()).contains("the shards [2, 3]"));
    }
  }

  @Test
  void offsetsOfBothCapturesCanBeResetAtOnce() {
    // Given
    insert(1, 5);
    try (CaptureRun run = capture("query")) {
      poll(run, 5);
    }
    try (CaptureRun run = capture("log")) {
      poll(run, 0);
      change(1, "running");
      poll(run, 1);
    }
    Map<Map<String, ?>, Map<String, ?>> reset = new HashMap<>(offsets);
    reset.replaceAll((partition, offset) -> null);

    // When
    boolean altered = new OrdersSourceConnector().alterOffsets(settings, reset);

    // Then
    assertTrue(altered);
    assertTrue(new OrdersSourceConnector().alterOffsets(settings, offsets));
  }

  private CaptureRun capture(String capture) {
    settings.put("capture", capture);
    return new CaptureRun(settings, offsets);
  }

  /** Polls until a number of events are emitted, and twice more, which must emit none. */
  private void poll(CaptureRun run, int count) {
    int expected = emitted.size() + count;
    long began = System.nanoTime();
    while (emitted.size() < expected && System.nanoTime() - began < 60_000_000_000L) {
      add(run.poll());
    }
    add(run.poll());
    add(run.poll());
    assertEquals(expected, emitted.size(), () -> texts().toString());
  }

  private void add(List<SourceRecord> records) {
    records.stream().filter(record -> record.topic().equals("orders")).forEach(emitted::add);
  }

  /** Waits until a slot is being created, which waits for open transactions. */
  private void awaitSlot() {
    while (shop.value(
            """
            SELECT count(*) FROM pg_replication_slots
            WHERE database = current_database() AND confirmed_flush_lsn IS NULL
            """)
        .equals("0")) {
      Thread.onSpinWait();
    }
  }

  private void insert(int from, int to) {
    shop.run(
        """
        INSERT INTO orders SELECT n, 'NEW', n FROM generate_series(%1$d, %2$d) n;
        INSERT INTO order_items SELECT n, 1, 'A', n FROM generate_series(%1$d, %2$d) n WHERE n %% 2 = 0
        """
            .formatted(from, to));
  }

  private void change(int id, String status) {
    shop.run(update(id, status));
  }

  private String update(int id, String status) {
    boolean hasRevision =
        shop.value("SELECT count(*) FROM pg_attribute WHERE attname = 'revision'").equals("1");
    return "UPDATE orders SET status = '%s'%s WHERE id = %d"
        .formatted(status, hasRevision ? ", revision = revision + 1" : "", id);
  }

  /** Versions increase, and no state is emitted twice. */
  private void assertEmittedOnce() {
    Map<Object, SourceRecord> last = new HashMap<>();
    for (SourceRecord record : emitted) {
      SourceRecord before = last.put(record.key(), record);
      if (before != null) {
        assertTrue(version(before) < version(record), () -> texts().toString());
        assertTrue(!text(before).equals(text(record)), () -> texts().toString());
      }
    }
  }

  private void assertLatestIsEmitted() {
    Map<Object, String> last = new HashMap<>();
    emitted.forEach(record -> last.put(record.key(), text(record)));
    Map<Object, String> found = new HashMap<>();
    for (String line :
        shop.value(
                """
                SELECT string_agg(concat_ws(' ', id, status,
                  (SELECT sku || ':' || quantity FROM order_items WHERE order_id = id)), E'\\n')
                FROM orders
                """)
            .split("\n", -1)) {
      found.put(Long.valueOf(line.split(" ", 2)[0]), line);
    }
    assertEquals(found, last);
  }

  private List<String> texts() {
    return emitted.stream().map(record -> version(record) + "=" + text(record)).toList();
  }

  private static long version(SourceRecord record) {
    return (Long) record.headers().lastWithName("orderflow.version").value();
  }

  private static String text(SourceRecord record) {
    Struct order = Objects.requireNonNull((Struct) record.value());
    return order.get("id")
        + " "
        + order.get("status")
        + order.<Struct>getArray("items").stream()
            .map(item -> " " + item.get("sku") + ":" + item.get("quantity"))
            .collect(Collectors.joining());
  }
}
