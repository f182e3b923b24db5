package io.orderflow.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orderflow.source.fixture.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Golden data of a release: offsets and tables as they were when the release was stopped.
 *
 * @param example the release's own file for {@code POST /connectors}, with most of the settings
 * @param settings the other settings
 * @param install scripts of the release that prepared the database
 * @param steps statements that ran on the server until then
 * @param emitted events that the release had emitted: an order's ID, version, status and items
 * @param transactionFields names of those fields of an offset that are transaction IDs
 * @param queriedValues values in offsets that differ between servers
 */
record GoldenData(
    String example,
    Map<String, String> settings,
    List<String> install,
    List<Step> steps,
    List<String> emitted,
    List<String> transactionFields,
    List<QueriedValue> queriedValues) {

  static final Path RELEASES = Path.of("src/test/resources/releases");
  static final String HISTORY = "history.json";
  static final String OFFSETS = "offsets.json";

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  /**
   * A statement that ran, or a slot that was created.
   *
   * @param xid of the transaction of the statements; null if it is not relevant
   * @param commit LSN of its commit
   * @param end LSN after its commit
   */
  record Step(
      @Nullable String sql,
      @Nullable String slot,
      @Nullable String xid,
      @Nullable String commit,
      @Nullable String end) {}

  /** A value of the server, and the query that returns it. */
  record QueriedValue(String sql, String value) {}

  /** Offsets in the form of {@code GET /connectors/NAME/offsets}. */
  record Offsets(List<Stored> offsets) {}

  /** An offset; both maps have the order of keys of the offsets' topic. */
  record Stored(Map<String, Object> partition, Map<String, Object> offset) {}

  static GoldenData read(Path folder) throws IOException {
    return JSON.readValue(folder.resolve(HISTORY).toFile(), GoldenData.class);
  }

  static List<Stored> offsets(Path folder) throws IOException {
    return JSON.readValue(folder.resolve(OFFSETS).toFile(), Offsets.class).offsets();
  }

  /** The settings of an example of a release, with this database's address. */
  static Map<String, String> example(Path file, Shop shop) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("name", "orders-source");
    JSON.readTree(file.toFile())
        .get("config")
        .properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    settings.put("database.url", shop.url());
    settings.put("database.user", "postgres");
    settings.put("database.password", "");
    return settings;
  }

  /** All settings of the connector. */
  Map<String, String> settings(Path release, Shop shop) throws IOException {
    Map<String, String> all = example(release.resolve(example), shop);
    all.putAll(settings);
    return all;
  }

  boolean capturesDeletes() {
    return settings.containsKey("deletes.table") || "log".equals(settings.get("capture"));
  }

  /** Runs the recorded steps in a new database. */
  ShopHistory replay(Path release, Shop shop) throws IOException {
    ShopHistory history = new ShopHistory(shop);
    for (String script : install) {
      shop.runScript(Files.readString(release.resolve(script)));
    }
    history.observe();
    for (Step step : steps) {
      if (step.slot() != null) {
        shop.value(
            "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(step.slot()));
        history.slot(step.slot());
      } else if (step.xid() != null) {
        history.transaction(String.valueOf(step.sql()));
      } else {
        history.statement(String.valueOf(step.sql()));
      }
    }
    return history;
  }
}
