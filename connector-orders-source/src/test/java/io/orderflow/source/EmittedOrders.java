package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** The events that one release and then another have emitted. */
final class EmittedOrders {

  private static final String DELETED = "deleted";

  /** Orders with their items, in the form of {@link #text}. */
  private static final String ORDERS =
      """
      SELECT coalesce(string_agg(concat_ws('|', id, version, status,
        (SELECT string_agg(sku || ':' || quantity, ',' ORDER BY line_no) FROM order_items WHERE order_id = id)),
        E'\\n' ORDER BY id), '')
      FROM orders
      """;

  private final List<String> lines;

  EmittedOrders(List<String> before) {
    lines = new ArrayList<>(before);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Adds the events of a poll; heartbeats are ignored. */
  void add(List<SourceRecord> records) {
    records.stream()
        .filter(record -> record.topic().equals("orders"))
        .map(EmittedOrders::text)
        .forEach(lines::add);
  }

  private static String text(SourceRecord record) {
    if (!(record.value() instanceof Struct order)) {
      return record.key() + "|" + DELETED;
    }
    return "%s|%s|%s|%s"
        .formatted(
            order.get("id"),
            order.get("version"),
            order.get("status"),
            order.<Struct>getArray("items").stream()
                .map(item -> item.get("sku") + ":" + item.get("quantity"))
                .collect(Collectors.joining(",")));
  }

  /** Polls until the current state of each order has been emitted. */
  void pollUntilComplete(CaptureRun run, Shop shop) {
    long began = System.nanoTime();
    while (!last().equals(expected(shop)) && System.nanoTime() - began < 20_000_000_000L) {
      add(run.poll());
    }
  }

  /** Nothing is missing or emitted twice, and no older version follows a newer one. */
  void assertComplete(Shop shop) {
    assertEquals(expected(shop), last());
    Map<String, Long> versions = new HashMap<>();
    for (String line : lines) {
      String[] parts = line.split("\\|", 3);
      long version = parts[1].equals(DELETED) ? Long.MAX_VALUE : Long.parseLong(parts[1]);
      Long before = versions.put(parts[0], version);
      assertTrue(
          before == null || before < version, () -> "emitted twice: " + line + " in " + lines);
    }
  }

  private Map<String, String> last() {
    Map<String, String> last = new HashMap<>();
    lines.forEach(line -> last.put(id(line), line));
    return last;
  }

  /** The current orders; an emitted order that no longer exists must be emitted as deleted. */
  private Map<String, String> expected(Shop shop) {
    Map<String, String> expected = new HashMap<>();
    lines.forEach(line -> expected.put(id(line), id(line) + "|" + DELETED));
    shop.value(ORDERS).lines().forEach(line -> expected.put(id(line), line));
    return expected;
  }

  private static String id(String line) {
    return line.substring(0, line.indexOf('|'));
  }
}
