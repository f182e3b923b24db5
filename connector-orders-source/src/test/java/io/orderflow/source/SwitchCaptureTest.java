package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.config.OrdersSourceConfig;
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

class SwitchCaptureTest {

  private static final String SETTINGS_VERSION = "version.column";

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final Map<String, String> settings = shop.logSettings(Map.of());
  private final List<SourceRecord> told = new ArrayList<>();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void changesAreToldOnceWhicheverCaptureIsThere(boolean versions) throws SQLException {
    // Given
    shop.run("ALTER TABLE orders ADD COLUMN revision bigint NOT NULL DEFAULT 1");
    if (versions) {
      settings.put(SETTINGS_VERSION, "revision");
    }
    insert(1, 6);
    CaptureRun run = capture("query");
    tell(run, 6);

    // When
    run = switched(run, "log", 1);
    run = switched(run, "query", 2);
    run = switched(run, "log", 3);
    run = switched(run, "query", 4);
    change(1, "last");
    tell(run, 1);
    run.close();

    // Then
    assertEquals(6 + 4 * 7 + 1, told.size());
    assertToldOnce();
    assertLatestIsTold();
  }

  /** Changes seven orders before, while and after the one capture ends and the other begins. */
  private CaptureRun switched(CaptureRun before, String capture, int turn) throws SQLException {
    try (Connection early = shop.connect();
        Connection late = shop.connect()) {
      early.setAutoCommit(false);
      early.createStatement().execute(update(1, "early" + turn));
      change(2, "running" + turn);
      // Queries read behind the open transaction, and leave it to the log.
      boolean fromLog = capture.equals("query");
      tell(before, fromLog ? 1 : 0);
      before.close();
      change(3, "stopped" + turn);
      insert(10 + turn, 10 + turn);
      shop.run(
          update(4, "items" + turn)
              + "; UPDATE order_items SET quantity = quantity + 1 WHERE order_id = 4");
      CaptureRun after = capture(capture);
      CompletableFuture<Void> telling =
          CompletableFuture.runAsync(() -> tell(after, fromLog ? 6 : 7));
      awaitSlot();
      change(5, "switching" + turn);
      late.setAutoCommit(false);
      late.createStatement().execute(update(6, "late" + turn));
      early.commit();
      late.commit();
      telling.join();
      return after;
    }
  }

  @Test
  void loadAfterQueriesGoesOnWhereItStopped() {
    // Given
    settings.put("snapshot.chunk.size", "2");
    settings.put("snapshot.max.threads", "1");
    settings.put("batch.max.orders", "4");
    insert(1, 20);
    try (CaptureRun run = capture("query")) {
      tell(run, 20);
    }
    for (int id = 2; id <= 20; id += 2) {
      change(id, "changed");
    }

    // When
    try (CaptureRun run = capture("log")) {
      while (told.size() < 23) {
        add(run.poll());
      }
    }
    try (CaptureRun run = capture("log")) {
      tell(run, 30 - told.size());
    }

    // Then
    assertToldOnce();
    assertLatestIsTold();
    assertEquals("change", told.get(29).headers().lastWithName("orderflow.kind").value());
  }

  @Test
  void loadTellsAllOrdersOfShardsThatQueriesHaveNotBegun() {
    // Given
    insert(1, 1);
    try (CaptureRun run = capture("query")) {
      tell(run, 1);
    }
    insert(2, 20);

    // When
    try (CaptureRun run = capture("log")) {
      tell(run, 19);
    }

    // Then
    assertToldOnce();
    assertLatestIsTold();
  }

  @Test
  void slotCanBeDroppedOnceTheShardsHaveTakenOver() {
    // Given
    insert(1, 5);
    try (CaptureRun run = capture("log")) {
      tell(run, 5);
    }
    change(1, "stopped");

    // When
    List<SourceRecord> taken;
    try (CaptureRun run = capture("query")) {
      taken = run.poll();
    }
    shop.dropSlots();
    try (CaptureRun run = capture("query")) {
      tell(run, 1);
      change(2, "running");
      tell(run, 1);
    }

    // Then
    assertEquals(4, taken.size());
    assertEquals(
        List.of(1L),
        taken.stream().map(record -> record.sourceOffset().get("epoch")).distinct().toList());
    assertToldOnce();
    assertLatestIsTold();
  }

  @Test
  void queriesDoNotTakeOverFromALoad() {
    // Given
    settings.put("snapshot.chunk.size", "1");
    insert(1, 5);
    try (CaptureRun run = capture("log")) {
      while (told.isEmpty()) {
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
  void logDoesNotTakeOverFromAFewShards() {
    // Given
    insert(1, 5);
    try (CaptureRun run = capture("log")) {
      tell(run, 5);
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
      tell(run, 5);
    }
    try (CaptureRun run = capture("log")) {
      tell(run, 0);
      change(1, "running");
      tell(run, 1);
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

  /** Polls until so many orders have come, and some times more, which must bring none. */
  private void tell(CaptureRun run, int count) {
    int expected = told.size() + count;
    long began = System.nanoTime();
    while (told.size() < expected && System.nanoTime() - began < 60_000_000_000L) {
      add(run.poll());
    }
    add(run.poll());
    add(run.poll());
    assertEquals(expected, told.size(), () -> texts().toString());
  }

  private void add(List<SourceRecord> records) {
    records.stream().filter(record -> record.topic().equals("orders")).forEach(told::add);
  }

  /** A slot that is being made waits for open transactions. */
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
    boolean kept =
        shop.value("SELECT count(*) FROM pg_attribute WHERE attname = 'revision'").equals("1");
    return "UPDATE orders SET status = '%s'%s WHERE id = %d"
        .formatted(status, kept ? ", revision = revision + 1" : "", id);
  }

  /** Versions grow, and nothing is told again that has not changed. */
  private void assertToldOnce() {
    Map<Object, SourceRecord> last = new HashMap<>();
    for (SourceRecord record : told) {
      SourceRecord before = last.put(record.key(), record);
      if (before != null) {
        assertTrue(version(before) < version(record), () -> texts().toString());
        assertTrue(!text(before).equals(text(record)), () -> texts().toString());
      }
    }
  }

  private void assertLatestIsTold() {
    Map<Object, String> last = new HashMap<>();
    told.forEach(record -> last.put(record.key(), text(record)));
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
    return told.stream().map(record -> version(record) + "=" + text(record)).toList();
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
