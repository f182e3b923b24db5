package io.orderflow.source;

import io.orderflow.source.GoldenData.Offsets;
import io.orderflow.source.GoldenData.QueriedValue;
import io.orderflow.source.GoldenData.Stored;
import io.orderflow.source.fixture.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs this version of the source, and records its offsets and the statements that ran. */
final class GoldenDataRecorder {

  private static final String SLOT = "orderflow_orders";
  private static final String PUBLICATION =
      "CREATE PUBLICATION orderflow FOR TABLE orders, order_items WITH (publish = 'insert, update,"
          + " delete, truncate', publish_via_partition_root = true)";
  private static final String SYSTEM = "SELECT system_identifier FROM pg_control_system()";

  /** The field {@code publication} of an offset. */
  private static final String MEMBERSHIP =
      "SELECT concat_ws(' ', p.oid || '.' || p.xmin, (SELECT string_agg(r.oid || '.' || r.xmin, ' '"
          + " ORDER BY r.oid) FROM pg_publication_rel r WHERE r.prpubid = p.oid)) FROM"
          + " pg_publication p WHERE pubname = 'orderflow'";

  /** The field {@code snapshot_files} of an offset. */
  private static final String FILES =
      "SELECT hashtextextended(string_agg(c.oid || ':' || c.relfilenode, ',' ORDER BY c.oid), 0)::text"
          + " FROM pg_class c WHERE c.oid IN ('public.orders'::regclass, 'public.order_items'::regclass)";

  private static final List<String> TRANSACTION_FIELDS = List.of("xid", "snapshot_until");

  private final Path release;
  private final Shop shop;
  private final ShopHistory history;
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final EmittedOrders emitted = new EmittedOrders(List.of());
  private final Map<String, String> settings = new TreeMap<>();
  private String example = "";
  private List<String> install = List.of();

  GoldenDataRecorder(Path release, Shop shop) {
    this.release = release;
    this.shop = shop;
    this.history = new ShopHistory(shop);
  }

  void begin(String exampleFile, List<String> scripts) throws IOException {
    example = exampleFile;
    install = scripts;
    for (String script : scripts) {
      shop.runScript(Files.readString(release.resolve(script)));
    }
    history.observe();
  }

  void transaction(String sql) {
    history.transaction(sql);
  }

  /** Creates the publication as the connector does. */
  void publish() {
    history.statement(PUBLICATION);
  }

  /** Notes that the next run creates its slot. */
  void slot() {
    history.slot(SLOT);
  }

  /** Runs a task until it has emitted a number of further events, and stops it. */
  void run(Map<String, String> more, int events) throws IOException {
    settings.clear();
    settings.put("capture.shards", "32");
    settings.put("poll.interval.ms", "20");
    settings.putAll(more);
    Map<String, String> all = GoldenData.example(release.resolve(example), shop);
    all.putAll(settings);
    int until = emitted.lines().size() + events;
    long began = System.nanoTime();
    try (CaptureRun run = new CaptureRun(all, offsets)) {
      while (emitted.lines().size() < until) {
        if (System.nanoTime() - began > 20_000_000_000L) {
          throw new AssertionError("expected " + until + " events, found " + emitted.lines());
        }
        emitted.add(run.poll());
      }
    }
  }

  int emittedCount() {
    return emitted.lines().size();
  }

  /** Writes the golden data. */
  void write(String name) throws IOException {
    List<QueriedValue> values = new ArrayList<>();
    values.add(new QueriedValue(SYSTEM, shop.value(SYSTEM)));
    addIfStored("publication", MEMBERSHIP, values);
    addIfStored("snapshot_files", FILES, values);
    requireFound(values);
    Path folder = Files.createDirectories(release.resolve(name));
    write(
        folder.resolve(GoldenData.HISTORY),
        new GoldenData(
            example,
            settings,
            install,
            history.steps(),
            emitted.lines(),
            TRANSACTION_FIELDS,
            values));
    write(folder.resolve(GoldenData.OFFSETS), new Offsets(stored()));
  }

  private void addIfStored(String field, String sql, List<QueriedValue> values) {
    if (offsets.values().stream().anyMatch(offset -> offset.containsKey(field))) {
      values.add(new QueriedValue(sql, shop.value(sql)));
    }
  }

  /**
   * Requires each value in an offset, since a value of this server would remain in it otherwise.
   */
  private void requireFound(List<QueriedValue> values) {
    for (QueriedValue value : values) {
      if (offsets.values().stream().noneMatch(offset -> offset.containsValue(value.value()))) {
        throw new AssertionError(value + " is in none of " + offsets);
      }
    }
  }

  private List<Stored> stored() throws IOException {
    Map<String, Stored> stored = new TreeMap<>();
    for (Map.Entry<Map<String, ?>, Map<String, ?>> offset : offsets.entrySet()) {
      String partition = OtherServer.asStored(offset.getKey());
      stored.put(
          partition, new Stored(tree(partition), tree(OtherServer.asStored(offset.getValue()))));
    }
    return List.copyOf(stored.values());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> tree(String json) throws IOException {
    return GoldenData.JSON.readValue(json, LinkedHashMap.class);
  }

  private static void write(Path file, Object content) throws IOException {
    Files.writeString(file, GoldenData.JSON.writeValueAsString(content) + "\n");
  }
}
