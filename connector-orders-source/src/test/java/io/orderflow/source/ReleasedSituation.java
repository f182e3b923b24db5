package io.orderflow.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A situation in which a release of the source was stopped, as it was recorded from that release.
 *
 * @param example the release's own file for {@code POST /connectors} that the settings come from
 * @param settings what was set beside that
 * @param install scripts of the release that prepared the shop
 * @param steps what happened on the shop's server until then
 * @param told what the release had told: an order's ID, version, status and items
 * @param transactionFields names of those fields of an offset that are transaction IDs
 * @param lookedUp values in offsets that a query yields
 */
record ReleasedSituation(
    String example,
    Map<String, String> settings,
    List<String> install,
    List<Step> steps,
    List<String> told,
    List<String> transactionFields,
    List<LookedUp> lookedUp) {

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
   * A statement that ran, or a slot that was made.
   *
   * @param xid of the transaction that the statements made up; null where that does not matter
   * @param commit where its commit stands in the log
   * @param end where its commit ends in the log
   */
  record Step(
      @Nullable String sql,
      @Nullable String slot,
      @Nullable String xid,
      @Nullable String commit,
      @Nullable String end) {}

  /** A value that another server has another of. */
  record LookedUp(String sql, String value) {}

  /** Offsets in the form of {@code GET /connectors/NAME/offsets}. */
  record Offsets(List<Stored> offsets) {}

  /** One of them; both maps list their keys as the offsets' topic has them. */
  record Stored(Map<String, Object> partition, Map<String, Object> offset) {}

  static ReleasedSituation read(Path folder) throws IOException {
    return JSON.readValue(folder.resolve(HISTORY).toFile(), ReleasedSituation.class);
  }

  static List<Stored> offsets(Path folder) throws IOException {
    return JSON.readValue(folder.resolve(OFFSETS).toFile(), Offsets.class).offsets();
  }

  /** The settings of one of a release's examples, with this shop's address. */
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

  /** Those of the connector in this situation. */
  Map<String, String> settings(Path release, Shop shop) throws IOException {
    Map<String, String> all = example(release.resolve(example), shop);
    all.putAll(settings);
    return all;
  }

  boolean tellsDeletes() {
    return settings.containsKey("deletes.table") || "log".equals(settings.get("capture"));
  }

  /** Brings a new shop to where the release's was. */
  ShopHistory happenAgain(Path release, Shop shop) throws IOException {
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
