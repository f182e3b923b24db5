package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fault is told before the start, at the setting where it is, with the SQL that mends it. */
@OnRealWorkers
class ValidateIT {
  private Stage stage;
  private Topic topic;

  @BeforeEach
  void take(Stage stageOfTest) {
    stage = stageOfTest;
    topic = stage.topic("orders", 1);
  }

  @Test
  void shopWithoutChangeXidIsToldTheWholeInstallation() {
    Shop shop = stage.shop("bigint");
    Map<String, String> config = Connectors.source(shop, topic);
    mends(config, "change.xid.column", "change_xid", shop.database());
  }

  @Test
  void otherNumberOfShardsThanTheIndexHasIsToldTheNumber() {
    Shop shop = stage.shop();
    Map<String, String> config = Connectors.source(shop, topic);
    config.put("capture.shards", "16");
    mends(config, "capture.shards", "[32]", shop.database());
  }

  @Test
  void missingTriggerIsToldAtTheTableThatLacksIt() {
    Shop shop = stage.shop();
    shop.database().execute("DROP TRIGGER orderflow_stamp_delete ON order_items");
    Map<String, String> config = Connectors.source(shop, topic);
    mends(config, "items.table", "orderflow_stamp_delete", shop.database());
  }

  @Test
  void missingIndexIsToldWithTheStatementThatMakesIt() {
    Shop shop = stage.shop();
    String index =
        shop.database()
            .texts("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%capture%'")
            .get(0);
    shop.database().execute("DROP INDEX " + index);
    Map<String, String> config = Connectors.source(shop, topic);
    mends(config, "orders.table", "CREATE INDEX CONCURRENTLY", shop.database());
  }

  @Test
  void roleThatMayNotReadIsToldTheGrant() {
    Shop shop = stage.shop();
    shop.database()
        .execute(
            "CREATE ROLE reader LOGIN PASSWORD 'secret'", "GRANT SELECT ON order_items TO reader");
    Map<String, String> config = Connectors.source(shop, topic);
    config.put("database.user", "reader");
    config.put("database.password", "secret");
    mends(config, "orders.table", "GRANT SELECT ON \"public\".\"orders\" TO", shop.database());
  }

  @Test
  void missingPublicationIsToldWithTheStatementThatMakesIt() {
    Shop shop = stage.shop("bigint");
    Map<String, String> config = Capture.LOG.source(shop, topic);
    config.put("publication.autocreate.mode", "disabled");
    mends(config, "publication.name", "CREATE PUBLICATION", shop.database());
  }

  @Test
  void publicationWithoutTheItemsIsToldToTakeThemIn() {
    Shop shop = stage.shop("bigint");
    shop.database()
        .execute(
            "CREATE PUBLICATION orderflow FOR TABLE orders WITH (publish_via_partition_root = true)");
    Map<String, String> config = Capture.LOG.source(shop, topic);
    mends(config, "publication.name", "ADD TABLE", shop.database());
  }

  @Test
  void tableWhoseDeletedRowsSayNotWhatTheyWereIsToldTheReplicaIdentity() {
    Shop shop = stage.shop("bigint");
    shop.database().execute("ALTER TABLE order_items REPLICA IDENTITY NOTHING");
    Map<String, String> config = Capture.LOG.source(shop, topic);
    mends(config, "items.table", "REPLICA IDENTITY FULL", shop.database());
  }

  @Test
  void columnThatIsNotThereIsToldAtItsSetting() {
    Map<String, String> config = Connectors.source(stage.shop(), topic);
    config.put("version.column", "revision");
    tells(config, "version.column", "revision");
  }

  @Test
  void wrongPasswordIsToldAtThePassword() {
    Map<String, String> config = Connectors.source(stage.shop(), topic);
    config.put("database.password", "wrong");
    tells(config, "database.password", "authentication failed");
  }

  @Test
  void databaseThatDoesNotAnswerIsToldAtTheUrl() {
    Map<String, String> ofSource = Connectors.source(stage.shop(), topic);
    ofSource.put("database.url", "jdbc:postgresql://127.0.0.1:1/shop");
    tells(ofSource, "database.url", "127.0.0.1:1");
    Map<String, String> ofSink = sink(stage.warehouse());
    ofSink.put("database.url", "jdbc:postgresql://127.0.0.1:1/shop");
    tells(ofSink, "database.url", "127.0.0.1:1");
  }

  @Test
  void warehouseWithoutATableIsToldItsInstallation() {
    Warehouse warehouse = stage.warehouse();
    warehouse.database().execute("DROP TABLE payments");
    mends(sink(warehouse), "table.payments", "CREATE TABLE", warehouse.database());
  }

  @Test
  void stockThatNothingGuardsIsToldTheConstraint() {
    Warehouse warehouse = stage.warehouse();
    warehouse.database().execute("ALTER TABLE stock DROP CONSTRAINT stock_check");
    mends(sink(warehouse), "table.stock", "ADD CHECK", warehouse.database());
  }

  @Test
  void statusWithTwoIntentsIsToldAtTheSecond() {
    Map<String, String> config = sink(stage.warehouse());
    config.put("status.ship", "SHIPPED,PAID");
    tells(config, "status.ship", "PAID");
  }

  @Test
  void topicWithoutARoleIsTold() {
    Map<String, String> config = sink(stage.warehouse());
    config.merge("topics", "invoices", (all, more) -> all + ',' + more);
    tells(config, "topics.order", "invoices");
  }

  private Map<String, String> sink(Warehouse warehouse) {
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", topic));
    return config;
  }

  private String tells(Map<String, String> config, String key, String word) {
    String message = Findings.of(stage.connectors().rest(), config).only(key);
    assertTrue(message.contains(word), message);
    return message;
  }

  /** The message tells, and once its SQL has been run there is nothing left to tell. */
  private void mends(Map<String, String> config, String key, String word, Database database) {
    String message = tells(config, key, word);
    Findings.run(message, database);
    assertEquals(Map.of(), Findings.of(stage.connectors().rest(), config).byKey());
  }
}
