package io.orderflow.source;

import io.orderflow.source.ReleasedSituation.LookedUp;
import io.orderflow.source.ReleasedSituation.Offsets;
import io.orderflow.source.ReleasedSituation.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs this version of the source on a shop, and keeps where it was stopped. */
final class SituationRecorder {

  private static final String SLOT = "orderflow_orders";
  private static final String PUBLICATION =
      "CREATE PUBLICATION orderflow FOR TABLE orders, order_items WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)";
  private static final String SYSTEM = "SELECT system_identifier FROM pg_control_system()";

  /** As {@code published} of an offset has it. */
  private static final String MEMBERSHIP =
      "SELECT concat_ws(' ', p.oid || '.' || p.xmin, (SELECT string_agg(r.oid || '.' || r.xmin, ' ' ORDER BY r.oid) FROM pg_publication_rel r WHERE r.prpubid = p.oid)) FROM pg_publication p WHERE pubname = 'orderflow'";

  private static final List<String> TRANSACTION_FIELDS = List.of("xid", "snapshot_until");

  private final Path release;
  private final Shop shop;
  private final ShopHistory history;
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final ToldOrders told = new ToldOrders(List.of());
  private final Map<String, String> settings = new TreeMap<>();
  private String example = "";
  private List<String> install = List.of();

  SituationRecorder(Path release, Shop shop) {
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

  /** As the connector would do it itself. */
  void publish() {
    history.statement(PUBLICATION);
  }

  /** The next run makes its slot. */
  void slot() {
    history.slot(SLOT);
  }

  /** Runs a task until it has told so many more events, and stops it. */
  void run(Map<String, String> more, int events) throws IOException {
    settings.clear();
    settings.put("capture.shards", "32");
    settings.put("poll.interval.ms", "20");
    settings.putAll(more);
    Map<String, String> all = ReleasedSituation.example(release.resolve(example), shop);
    all.putAll(settings);
    int until = told.lines().size() + events;
    long began = System.nanoTime();
    try (CaptureRun run = new CaptureRun(all, offsets)) {
      while (told.lines().size() < until) {
        if (System.nanoTime() - began > 20_000_000_000L) {
          throw new AssertionError("expected " + until + " events, found " + told.lines());
        }
        told.add(run.poll());
      }
    }
  }

  int toldCount() {
    return told.lines().size();
  }

  /** Writes it down. */
  void write(String name) throws IOException {
    List<LookedUp> lookedUp = new ArrayList<>();
    lookedUp.add(new LookedUp(SYSTEM, shop.value(SYSTEM)));
    if (offsets.values().stream().anyMatch(offset -> offset.containsKey("publication"))) {
      lookedUp.add(new LookedUp(MEMBERSHIP, shop.value(MEMBERSHIP)));
    }
    requireFound(lookedUp);
    Path folder = Files.createDirectories(release.resolve(name));
    write(
        folder.resolve(ReleasedSituation.HISTORY),
        new ReleasedSituation(
            example,
            settings,
            install,
            history.steps(),
            told.lines(),
            TRANSACTION_FIELDS,
            lookedUp));
    write(folder.resolve(ReleasedSituation.OFFSETS), new Offsets(stored()));
  }

  /** Otherwise another server's value would stay in the offset. */
  private void requireFound(List<LookedUp> lookedUp) {
    for (LookedUp value : lookedUp) {
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
    return ReleasedSituation.JSON.readValue(json, LinkedHashMap.class);
  }

  private static void write(Path file, Object content) throws IOException {
    Files.writeString(file, ReleasedSituation.JSON.writeValueAsString(content) + "\n");
  }
}
