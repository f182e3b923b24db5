package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** Runs both captures of a database in turn, and collects the events that they emit. */
final class HandoverRun {

  private static final long MAX_WAIT_NANOS = 60_000_000_000L;

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final Map<String, String> settings = shop.logSettings(Map.of());
  private final List<SourceRecord> emitted = new ArrayList<>();

  Shop shop() {
    return shop;
  }

  Map<Map<String, ?>, Map<String, ?>> offsets() {
    return offsets;
  }

  Map<String, String> settings() {
    return settings;
  }

  List<SourceRecord> emitted() {
    return List.copyOf(emitted);
  }

  CaptureRun capture(String capture) {
    settings.put("capture", capture);
    return new CaptureRun(settings, offsets);
  }

  /** Polls until a number of events are emitted, and twice more, which must emit none. */
  void poll(CaptureRun run, int count) {
    int expected = emitted.size() + count;
    long began = System.nanoTime();
    while (emitted.size() < expected && System.nanoTime() - began < MAX_WAIT_NANOS) {
      add(run.poll());
    }
    add(run.poll());
    add(run.poll());
    assertEquals(expected, emitted.size(), () -> texts().toString());
  }

  /** Polls until the log's capture has an offset to resume from. */
  void awaitOffsetOfLog(CaptureRun run) {
    long began = System.nanoTime();
    while (offsets.keySet().stream().noneMatch(partition -> partition.containsKey("slot"))) {
      assertTrue(System.nanoTime() - began < MAX_WAIT_NANOS, () -> offsets.toString());
      add(run.poll());
    }
  }

  void add(List<SourceRecord> records) {
    records.stream().filter(record -> record.topic().equals("orders")).forEach(emitted::add);
  }

  /** Waits until a slot is being created, which waits for open transactions. */
  void awaitSlot() {
    long began = System.nanoTime();
    String slots =
        """
        SELECT count(*) FROM pg_replication_slots
        WHERE database = current_database() AND confirmed_flush_lsn IS NULL
        """;
    while (shop.value(slots).equals("0")) {
      assertTrue(System.nanoTime() - began < MAX_WAIT_NANOS, "no slot is being created");
    }
  }

  void insert(int from, int to) {
    shop.run(
        """
        INSERT INTO orders SELECT n, 'NEW', n FROM generate_series(%1$d, %2$d) n;
        INSERT INTO order_items SELECT n, 1, 'A', n FROM generate_series(%1$d, %2$d) n WHERE n %% 2 = 0
        """
            .formatted(from, to));
  }

  void change(int id, String status) {
    shop.run(update(id, status));
  }

  String update(int id, String status) {
    boolean hasRevision =
        shop.value("SELECT count(*) FROM pg_attribute WHERE attname = 'revision'").equals("1");
    return "UPDATE orders SET status = '%s'%s WHERE id = %d"
        .formatted(status, hasRevision ? ", revision = revision + 1" : "", id);
  }

  /** Versions increase, and no state is emitted twice. */
  void assertEmittedOnce() {
    Map<Object, SourceRecord> last = new HashMap<>();
    for (SourceRecord record : emitted) {
      SourceRecord before = last.put(record.key(), record);
      if (before != null) {
        assertTrue(version(before) < version(record), () -> texts().toString());
        assertTrue(!text(before).equals(text(record)), () -> texts().toString());
      }
    }
  }

  void assertLatestIsEmitted() {
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

  List<String> texts() {
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
