package io.orderflow.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/** What docs/your-shop.md says of the warehouse is accepted. */
class YourShopPageTest {

  private static final String INSTALL = "config-examples/sql/warehouse-install.sql";

  private static final Pattern SETTINGS =
      Pattern.compile("\\.config \\+= (\\{[^}]*})' \\\\\\s+inventory-sink\\.json");
  private static final Pattern SETTINGS_OF_PAYMENTS =
      Pattern.compile("\\.config \\+= (\\{[^}]*})' \\\\\\s+sink\\.json");
  private static final Pattern COMMAND = Pattern.compile(" -c (\"[^\"]*\"|'[^']*')");
  private static final Pattern OF_THE_WAREHOUSE =
      Pattern.compile("(?m)^psql -d warehouse(?: .*\\\\\n)* .*$");
  private static final Pattern SQL = Pattern.compile("```sql\\n([^`]*)```");
  private static final Pattern INLINE = Pattern.compile("`([a-z]+(?:\\.[a-z]+)+)=([^`]*)`");

  private static String page() throws IOException {
    return RepositoryFile.read("docs/your-shop.md");
  }

  private static Stream<MatchResult> find(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  /** The page edits the script for another type of order ID and another scale. */
  private static String editedInstallScript() throws IOException {
    assertTrue(
        page()
            .contains(
                "sed -E 's/^( +order_id +)bigint/\\1uuid/; s/VALUES \\(0\\)/VALUES (3)/'"
                    + " sql/warehouse-install.sql"));
    return RepositoryFile.read(INSTALL)
        .replaceAll("(?m)^( +order_id +)bigint", "$1uuid")
        .replaceAll("VALUES \\(0\\)", "VALUES (3)");
  }

  private static String editedPaymentsScript() throws IOException {
    assertTrue(
        page()
            .contains(
                "sed -E 's/^( +order_id +)bigint/\\1uuid/' sql/payments-install.sql | psql -d warehouse"));
    return RepositoryFile.read("config-examples/sql/payments-install.sql")
        .replaceAll("(?m)^( +order_id +)bigint", "$1uuid");
  }

  @Test
  void installScriptIsEditedAsThePageSays() throws IOException {
    assertEquals(
        WarehouseDatabase.TABLES.installScript(OrderIdType.UUID, 3), editedInstallScript());
  }

  @Test
  void stepsOfThePageLeadToASinkWithoutFindings() throws IOException, SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.empty()) {
      // Given
      Map<String, String> settings = new HashMap<>();
      put(
          settings,
          new ObjectMapper()
              .readTree(RepositoryFile.read("config-examples/inventory-sink.json"))
              .get("config"));
      settings.put("name", "inventory-sink");
      put(settings, settingsOfPage(SETTINGS));
      Stream.of("database.url", "database.user", "database.password")
          .forEach(key -> settings.put(key, RunningSink.settings(database).get(key)));

      // When
      database.execute(editedInstallScript());
      List<String> commands =
          find(OF_THE_WAREHOUSE, page())
              .flatMap(psql -> find(COMMAND, psql.group()))
              .map(command -> command.group(1))
              .map(quoted -> quoted.substring(1, quoted.length() - 1))
              .toList();
      for (String sql : commands) {
        database.execute(sql);
      }

      // Then
      assertEquals(List.of(), findings(settings));
      assertEquals(4, commands.size(), commands::toString);
      assertEquals(
          List.of("rope|12.500|0.000"),
          database.rows("SELECT sku, on_hand, reserved FROM stock_units"));

      // When
      database.execute(editedPaymentsScript());
      put(settings, settingsOfPage(SETTINGS_OF_PAYMENTS));

      // Then
      assertEquals(List.of(), findings(settings));
    }
  }

  private static JsonNode settingsOfPage(Pattern pattern) throws IOException {
    return new ObjectMapper().readTree(find(pattern, page()).findFirst().orElseThrow().group(1));
  }

  private static void put(Map<String, String> settings, JsonNode more) {
    more.properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
  }

  @Test
  void statementsAndSettingsOfThePageAreAccepted() throws IOException, SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.empty()) {
      // Given
      WarehouseTables tables = WarehouseDatabase.WITH_PAYMENT_IDS;
      database.execute(tables.installScript(OrderIdType.BIGINT, 3));
      database.execute(WarehouseDatabase.WITH_BACKORDERS.backordersScript(OrderIdType.BIGINT));
      Map<String, String> base = RunningSink.settings(database);
      base.put("quantity.scale", "3");
      base.put("payment.id.field", "id");
      base.put("location.policy", "priority");
      base.put("locations", "berlin,hamburg");
      base.put("status.reserve", "PENDING,AWAITING_TRANSFER,PAID");
      base.put("reservation.ttl.statuses", "PENDING");
      assertEquals(List.of(), findings(base));

      // When
      String page = page();
      String ofTheSink = page.substring(page.indexOf("## Items"));
      List<MatchResult> statements = find(SQL, ofTheSink).toList();
      for (MatchResult sql : statements) {
        database.execute(sql.group(1));
      }
      ConfigDef definition = InventorySinkConfig.definition();
      List<MatchResult> inline =
          find(INLINE, page).filter(found -> definition.names().contains(found.group(1))).toList();
      List<String> refused = new ArrayList<>();
      for (MatchResult setting : inline) {
        Map<String, String> settings = new HashMap<>(base);
        settings.put(setting.group(1), setting.group(2));
        findings(settings).forEach(finding -> refused.add(setting.group() + ": " + finding));
      }

      // Then
      assertEquals(List.of(), refused);
      assertEquals(6, statements.size());
      assertTrue(inline.size() > 15, inline.size() + " settings");
      assertEquals(
          List.of("rope||12.750", "rope|berlin|0.020", "rope|hamburg|0.005"),
          database.rows("SELECT sku, location, on_hand FROM stock_units ORDER BY location"));
    }
  }

  private static List<String> findings(Map<String, String> settings) {
    return new InventorySinkConnector()
        .validate(settings).configValues().stream()
            .flatMap(value -> value.errorMessages().stream())
            .toList();
  }
}
