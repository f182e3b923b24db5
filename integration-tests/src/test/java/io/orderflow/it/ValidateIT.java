package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Findings;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Warehouse;
import io.orderflow.it.fixture.YourShopPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault is reported before the start, at its setting, with the SQL that fixes it. */
@OnRealWorkers
class ValidateIT {
  private static final int MAX_ROUNDS = 5;

  private Stage stage;
  private Topic topic;

  @BeforeEach
  void take(Stage stageOfTest) {
    stage = stageOfTest;
    topic = stage.topic("orders", 1);
  }

  @Test
  void shopWithoutChangeXidGetsTheInstallationSql() {
    Shop shop = stage.shop("bigint");
    Map<String, String> config = Connectors.source(shop, topic);
    isFixedBySql(config, "change.xid.column", "change_xid", shop.database());
  }

  @Test
  void otherNumberOfShardsThanTheIndexHasIsReportedWithTheNumber() {
    Shop shop = stage.shop();
    Map<String, String> config = Connectors.source(shop, topic);
    config.put("capture.shards", "16");
    isFixedBySql(config, "capture.shards", "[32]", shop.database());
  }

  @Test
  void missingTriggerIsReportedAtTheTableThatLacksIt() {
    Shop shop = stage.shop();
    String trigger =
        shop.database()
            .texts("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'orderflow%items%delete%'")
            .get(0);
    shop.database().execute("DROP TRIGGER " + trigger + " ON order_items");
    Map<String, String> config = Connectors.source(shop, topic);
    isFixedBySql(config, "items.table", trigger, shop.database());
  }

  @Test
  void missingIndexIsReportedWithTheStatementThatCreatesIt() {
    Shop shop = stage.shop();
    String index =
        shop.database()
            .texts("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%capture%'")
            .get(0);
    shop.database().execute("DROP INDEX " + index);
    Map<String, String> config = Connectors.source(shop, topic);
    isFixedBySql(config, "orders.table", "CREATE INDEX CONCURRENTLY", shop.database());
  }

  @Test
  void roleThatLacksAPrivilegeIsReportedWithTheGrant() {
    Shop shop = stage.shop();
    shop.database()
        .execute(
            "CREATE ROLE reader LOGIN PASSWORD 'secret'", "GRANT SELECT ON order_items TO reader");
    Map<String, String> config = Connectors.source(shop, topic);
    config.put("database.user", "reader");
    config.put("database.password", "secret");
    isFixedBySql(
        config, "orders.table", "GRANT SELECT ON \"public\".\"orders\" TO", shop.database());
  }

  @Test
  void missingPublicationIsReportedWithTheStatementThatCreatesIt() {
    Shop shop = stage.shop("bigint");
    Map<String, String> config = Capture.LOG.source(shop, topic);
    config.put("publication.autocreate.mode", "disabled");
    isFixedBySql(config, "publication.name", "CREATE PUBLICATION", shop.database());
  }

  @Test
  void publicationWithoutTheItemsIsReportedWithTheStatementThatAddsThem() {
    Shop shop = stage.shop("bigint");
    shop.database()
        .execute(
            "CREATE PUBLICATION orderflow FOR TABLE orders WITH (publish_via_partition_root ="
                + " true)");
    Map<String, String> config = Capture.LOG.source(shop, topic);
    isFixedBySql(config, "publication.name", "ADD TABLE", shop.database());
  }

  @Test
  void tableWhoseDeletedRowsHaveNoKeyIsReportedWithTheReplicaIdentity() {
    Shop shop = stage.shop("bigint");
    shop.database().execute("ALTER TABLE order_items REPLICA IDENTITY NOTHING");
    Map<String, String> config = Capture.LOG.source(shop, topic);
    isFixedBySql(config, "items.table", "REPLICA IDENTITY DEFAULT", shop.database());
  }

  @Test
  void missingColumnIsReportedAtItsSetting() {
    Map<String, String> config = Connectors.source(stage.shop(), topic);
    config.put("version.column", "revision");
    reports(config, "version.column", "revision");
  }

  @Test
  void wrongPasswordIsReportedAtThePassword() {
    Map<String, String> config = Connectors.source(stage.shop(), topic);
    config.put("database.password", "wrong");
    reports(config, "database.password", "authentication failed");
  }

  @Test
  void databaseThatDoesNotAnswerIsReportedAtTheUrl() {
    Map<String, String> ofSource = Connectors.source(stage.shop(), topic);
    ofSource.put("database.url", "jdbc:postgresql://127.0.0.1:1/shop");
    reports(ofSource, "database.url", "127.0.0.1:1");
    Map<String, String> ofSink = sink(stage.warehouse());
    ofSink.put("database.url", "jdbc:postgresql://127.0.0.1:1/shop");
    reports(ofSink, "database.url", "127.0.0.1:1");
  }

  @Test
  void warehouseWithoutATableGetsTheInstallationSql() {
    Warehouse warehouse = stage.warehouse();
    warehouse.database().execute("DROP TABLE payments");
    isFixedBySql(sink(warehouse), "table.payments", "CREATE TABLE", warehouse.database());
  }

  @Test
  void stockWithoutConstraintIsReportedWithTheConstraint() {
    Warehouse warehouse = stage.warehouse();
    warehouse.database().execute("ALTER TABLE stock DROP CONSTRAINT stock_check");
    isFixedBySql(sink(warehouse), "table.stock", "ADD CHECK", warehouse.database());
  }

  @Test
  void statusWithTwoIntentsIsReportedAtTheSecond() {
    Map<String, String> config = sink(stage.warehouse());
    config.put("status.ship", "SHIPPED,PAID");
    reports(config, "status.ship", "PAID");
  }

  @Test
  void topicWithoutARoleIsReported() {
    Map<String, String> config = sink(stage.warehouse());
    config.merge("topics", "invoices", (all, more) -> all + ',' + more);
    reports(config, "topics.order", "invoices");
  }

  @Test
  void scriptThatThePageCollectsFixesASource(@TempDir Path folder) throws IOException {
    // Given
    Shop shop = stage.shop("bigint");
    shop.database().execute("CREATE ROLE newcomer LOGIN PASSWORD 'secret'");
    YourShopPage page = new YourShopPage(folder, 2);
    Map<String, String> settings = page.settings();
    String version = settings.get("version.column");
    Connectors.source(shop, topic).forEach(settings::put);
    settings.putAll(Map.of("database.user", "newcomer", "database.password", "secret"));

    // Then
    assertNull(version);
    isFixedByThePage(page, settings, shop.database());
  }

  @Test
  void scriptThatThePageCollectsFixesASink(@TempDir Path folder) throws IOException {
    // Given
    Warehouse warehouse = stage.warehouse();
    warehouse
        .database()
        .execute(
            "CREATE ROLE keeper LOGIN PASSWORD 'secret' CONNECTION LIMIT 2",
            "DROP TABLE payments",
            "ALTER TABLE stock DROP CONSTRAINT stock_check");
    YourShopPage page = new YourShopPage(folder, 5);
    Map<String, String> settings = page.settings();
    String ships = settings.get("status.ship");
    settings.putAll(warehouse.database().settings());
    settings.putAll(Map.of("database.user", "keeper", "database.password", "secret"));

    // Then
    assertEquals("sent", ships);
    isFixedByThePage(page, settings, warehouse.database());
  }

  /** One finding may hide another. */
  private void isFixedByThePage(YourShopPage page, Map<String, String> settings, Database database)
      throws IOException {
    assertTrue(page.fix(stage.connectors().rest(), settings, database) > 0);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      if (page.fix(stage.connectors().rest(), settings, database) == 0) {
        return;
      }
    }
    assertEquals(Map.of(), Findings.of(stage.connectors().rest(), settings).byKey());
  }

  private Map<String, String> sink(Warehouse warehouse) {
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", topic));
    return config;
  }

  private String reports(Map<String, String> config, String key, String word) {
    String message = Findings.of(stage.connectors().rest(), config).only(key);
    assertTrue(message.contains(word), message);
    return message;
  }

  /** The message contains the word, and running its SQL leaves no fault. */
  private void isFixedBySql(
      Map<String, String> config, String key, String word, Database database) {
    String message = reports(config, key, word);
    Findings.run(message, database);
    assertEquals(Map.of(), Findings.of(stage.connectors().rest(), config).byKey());
  }
}
