package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/your-shop.md says of the source is accepted, on tables of real shops. */
class YourShopPageTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("orderflow.root")));

  private static final Pattern VIEW_AND_SETTINGS =
      Pattern.compile("```sql\\n([^`]*)```\\s+```json\\n([^`]*)```");
  private static final Pattern SETTINGS = Pattern.compile("\\.config \\+= (\\{[^}]*})");
  private static final Pattern REMOVED = Pattern.compile("del\\(\\.config\\.\"([^\"]*)\"\\)");
  private static final Pattern INLINE = Pattern.compile("`([a-z]+(?:\\.[a-z]+)+)=([^`]*)`");
  private static final Pattern WATCHED = Pattern.compile("\\| `(public\\.[^`]*)` \\|");

  private static final Map<String, String> TABLES_OF_THE_EXAMPLE =
      Map.of(
          "addresses",
          """
          CREATE TABLE addresses (id bigint PRIMARY KEY, city text);
          CREATE TABLE orders (id bigint PRIMARY KEY, address_id bigint REFERENCES addresses);
          CREATE INDEX ON orders (address_id);
          CREATE TABLE order_items (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders);
          """);

  private final Shop shop = Postgres.newShop();

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("docs/your-shop.md"));
  }

  private static Stream<MatchResult> find(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  /** The second step makes the source of the orders, the seventh that of the payments. */
  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void stepsLeadToASourceWithoutFindings(int step) throws IOException {
    // Given: the tables of the example without the column that the page removes from the settings
    shop.run(
        Files.readString(ROOT.resolve("config-examples/sql/shop-example-schema.sql"))
            .replace("version     bigint         NOT NULL DEFAULT 1", "seen boolean"));
    shop.run("CREATE TABLE payments (id uuid PRIMARY KEY, order_id uuid, status text)");
    String text = page().substring(page().indexOf("**%d. ".formatted(step)));
    Map<String, String> settings =
        GoldenData.example(ROOT.resolve("config-examples/orders-source.json"), shop);
    settings.putAll(json(find(SETTINGS, text).findFirst().orElseThrow().group(1)));
    String removed = find(REMOVED, text).findFirst().orElseThrow().group(1);
    assertTrue(settings.containsKey(removed), removed);
    settings.remove(removed);

    // When
    fix(settings);

    // Then
    assertEquals(Map.of(), Validation.findings(settings));
  }

  static Stream<Arguments> viewsAndSettings() throws IOException {
    return find(VIEW_AND_SETTINGS, page())
        .flatMap(
            found ->
                Stream.of("query", "log")
                    .map(capture -> Arguments.of(capture, found.group(1), found.group(2))));
  }

  @ParameterizedTest
  @MethodSource("viewsAndSettings")
  void viewsOfThePageAreAcceptedWithTheirSettings(String capture, String sql, String settings)
      throws IOException {
    // Given
    load(shopWith(find(Pattern.compile("FROM (\\w+)"), sql).findFirst().orElseThrow().group(1)));
    shop.run(
        "DO $$ BEGIN CREATE ROLE orderflow; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
    Map<String, String> all = settings(capture, json("{" + settings + "}"));

    // When
    shop.run(sql);
    fix(all);

    // Then
    assertEquals(Map.of(), Validation.findings(all));
    shop.run("DROP OWNED BY orderflow");
  }

  static Stream<Arguments> watchedTables() throws IOException {
    return find(WATCHED, page())
        .flatMap(
            found ->
                Stream.of("query", "log").map(capture -> Arguments.of(capture, found.group(1))));
  }

  @ParameterizedTest
  @MethodSource("watchedTables")
  void watchedTablesOfThePageAreAccepted(String capture, String watched) throws IOException {
    // Given
    String table = watched.substring("public.".length(), watched.indexOf(':'));
    String own = TABLES_OF_THE_EXAMPLE.get(table);
    Map<String, String> tables = Map.of();
    if (own == null) {
      String name = shopWith(table);
      load(name);
      tables = tablesOf(name);
    } else {
      shop.run(own);
    }
    Map<String, String> settings = new HashMap<>(settings(capture, tables));
    settings.put("watch.tables", watched);

    // When
    fix(settings);

    // Then
    assertEquals(Map.of(), Validation.findings(settings));
  }

  /** Conditions are those of the shop that their row of the table names. */
  @ParameterizedTest
  @MethodSource("conditions")
  void conditionsOfThePageAreAccepted(String name, String key, String condition)
      throws IOException {
    // Given
    load(name);
    Map<String, String> settings = new HashMap<>(settings("log", tablesOf(name)));
    settings.put(key, condition);

    // When
    fix(settings);

    // Then
    assertEquals(Map.of(), Validation.findings(settings));
  }

  static Stream<Arguments> conditions() throws IOException {
    Pattern row =
        Pattern.compile("`((?:orders|items)\\.(?:deleted\\.)?where)=([^`]*)` \\((\\w+)[^)]*\\)");
    return find(row, page())
        .map(
            found ->
                Arguments.of(
                    found.group(3).toLowerCase(Locale.ROOT), found.group(1), found.group(2)));
  }

  @Test
  void everySettingOfThePageExistsInOneOfTheConnectors() throws IOException {
    // Given
    String references =
        Files.readString(ROOT.resolve("docs/configuration/orders-source.md"))
            + Files.readString(ROOT.resolve("docs/configuration/inventory-sink.md"));
    ConfigDef definition = new OrdersSourceConnector().config();
    List<MatchResult> inline = find(INLINE, page()).toList();

    // When
    List<String> unknown =
        inline.stream()
            .map(found -> found.group(1))
            .filter(key -> !references.contains("| `%s` |".formatted(key)))
            .toList();
    List<String> refused =
        inline.stream()
            .filter(found -> definition.names().contains(found.group(1)))
            .flatMap(
                found ->
                    definition.validate(Map.of(found.group(1), found.group(2))).stream()
                        .filter(value -> value.name().equals(found.group(1)))
                        .flatMap(value -> value.errorMessages().stream()))
            .toList();

    // Then
    assertTrue(inline.size() > 20, inline.size() + " settings");
    assertEquals(List.of(), unknown);
    assertEquals(List.of(), refused);
  }

  private Map<String, String> settings(String capture, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("capture", capture);
    return capture.equals("log") ? shop.logSettings(settings) : shop.settings(settings);
  }

  /** Does what the findings say; one may hide another. */
  private void fix(Map<String, String> settings) {
    for (int round = 0; round < 2; round++) {
      Validation.runFixes(shop, settings);
      for (String message :
          Validation.findings(settings).values().stream().flatMap(List::stream).toList()) {
        if (message.contains("columns.exclude=version")) {
          settings.put("columns.exclude", "version");
        }
      }
    }
  }

  private void load(String name) throws IOException {
    shop.run(tables(name));
  }

  /** The first of the real shops that has a table. */
  private static String shopWith(String table) throws IOException {
    for (String name : List.of("saleor", "spree", "medusa", "odoo")) {
      if (tables(name).contains("CREATE TABLE " + table + " ")) {
        return name;
      }
    }
    throw new AssertionError("no shop has the table " + table);
  }

  private static String tables(String name) throws IOException {
    try (InputStream in =
        YourShopPageTest.class.getResourceAsStream("catalog/shops/" + name + ".sql")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The tables of the shop's recipe. */
  private static Map<String, String> tablesOf(String name) throws IOException {
    Path recipe = ROOT.resolve("config-examples/shops/" + name + "/source.json");
    Map<String, String> tables = entries(JSON.readTree(recipe.toFile()).get("config"));
    tables
        .keySet()
        .retainAll(
            Set.of("orders.table", "orders.id.column", "items.table", "items.order.id.column"));
    return tables;
  }

  private static Map<String, String> json(String text) throws IOException {
    return entries(JSON.readTree(text));
  }

  private static Map<String, String> entries(JsonNode json) {
    Map<String, String> settings = new HashMap<>();
    json.properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    return settings;
  }
}
