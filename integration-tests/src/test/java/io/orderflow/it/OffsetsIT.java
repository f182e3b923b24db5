package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Json;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.stack.ConnectRest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The source's offsets can be shown, altered and reset over REST. */
@OnRealWorkers
class OffsetsIT {
  private static final int ORDERS = 640;
  private static final int LOG_ORDERS = 100;
  private static final int SHARDS = 32;

  @Test
  void positionsAreShownAlteredAndReset(Stage stage) {
    // Given
    Shop shop = stage.shop();
    shop.fill(ORDERS);
    Topic topic = stage.topic("orders", 2);
    String source = stage.connectors().start("source", Connectors.source(shop, topic));
    await("all is captured").until(() -> topic.count() == ORDERS);
    ConnectRest rest = stage.connectors().rest();

    // When
    stage.connectors().stop(source);
    JsonNode offsets = rest.offsets(source).path("offsets");

    // Then
    var shards = new TreeSet<Integer>();
    for (JsonNode pair : offsets) {
      assertEquals("public.orders", pair.path("partition").path("table").asText());
      shards.add(pair.path("partition").path("shard").asInt());
      assertTrue(pair.path("offset").path("xid").asLong() > 0, pair::toString);
      assertEquals(SHARDS, pair.path("offset").path("shards").asInt());
    }
    assertEquals(SHARDS, shards.size(), shards::toString);

    // When
    JsonNode one = offsets.get(0);
    rest.patchOffsets(source, back(one));
    rest.resume(source);
    long ofShard = shopOrders(shop, one.path("partition").path("shard").asInt());
    await("the shard is captured again").until(() -> topic.count() >= ORDERS + ofShard);

    // Then
    assertTrue(ofShard > 0 && ofShard < ORDERS / 4, "Orders of the shard: " + ofShard);
    assertEquals(ofShard, topic.duplicates().size());

    // When
    stage.connectors().stop(source);
    rest.deleteOffsets(source);
    assertEquals(0, rest.offsets(source).path("offsets").size());
    rest.resume(source);

    // Then
    await("all is captured again").until(topic::count, equalTo((int) (2 * ORDERS + ofShard)));
  }

  @Test
  void positionsThatCannotBeAreRefused(Stage stage) {
    // Given
    Shop shop = stage.shop();
    shop.fill(100);
    Topic topic = stage.topic("orders", 2);
    String source = stage.connectors().start("source", Connectors.source(shop, topic));
    await("all is captured").until(() -> topic.count() == 100);
    stage.connectors().stop(source);
    JsonNode before = stage.connectors().rest().offsets(source);
    JsonNode good = before.path("offsets").get(0);

    // When, then
    stage.connectors().assertRefused(source, good, offset(o -> o.put("xid", "yesterday")), "xid");
    stage.connectors().assertRefused(source, good, offset(o -> o.put("xid", -5)), "xid");
    stage.connectors().assertRefused(source, good, offset(o -> o.put("shards", 16)), "shards");
    stage.connectors().assertRefused(source, good, offset(o -> o.remove("order_id")), "order_id");
    stage.connectors().assertRefused(source, good, offset(o -> o.put("timestamp", 0)), "timestamp");
    stage.connectors().assertRefused(source, good, partition(p -> p.put("shard", 99)), "shard");
    stage.connectors().assertRefused(source, good, partition(p -> p.put("table", "x")), "table");
    assertEquals(sorted(before), sorted(stage.connectors().rest().offsets(source)));
  }

  @Test
  void placeInTheLogIsShownGuardedAndReset(Stage stage) {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(LOG_ORDERS);
    Topic topic = stage.topic("orders", 2);
    String source = stage.connectors().start("source", Capture.LOG.source(shop, topic));
    await("all is captured").until(() -> topic.count() == LOG_ORDERS);
    ConnectRest rest = stage.connectors().rest();

    // When
    stage.connectors().stop(source);
    JsonNode offsets = rest.offsets(source).path("offsets");

    // Then
    assertEquals(1, offsets.size());
    JsonNode shown = offsets.get(0);
    assertEquals("public.orders", shown.path("partition").path("table").asText());
    assertEquals(Capture.slot(shop), shown.path("partition").path("slot").asText());
    assertEquals(0, shown.path("offset").path("emitted_in_transaction").asInt());
    assertTrue(shown.path("offset").path("snapshot").isMissingNode(), shown::toString);
    stage.connectors().assertRefused(source, shown, offset(o -> o.put("lsn", "yesterday")), "lsn");
    stage
        .connectors()
        .assertRefused(source, shown, offset(o -> o.put("lsn", "0/1")), "no longer has the log");
    stage.connectors().assertRefused(source, shown, offset(o -> o.put("system", "1")), "cluster");
    stage
        .connectors()
        .assertRefused(source, shown, offset(o -> o.put("timestamp", 0)), "timestamp");
    assertEquals(offsets, rest.offsets(source).path("offsets"));

    // When
    shop.database().execute("UPDATE orders SET version = version + 1 WHERE id <= 10");
    rest.resume(source);
    await("capture continues").until(() -> topic.count() == LOG_ORDERS + 10);
    stage.connectors().stop(source);
    rest.deleteOffsets(source);
    rest.resume(source);

    // Then
    await("all is captured again").until(topic::count, equalTo(2 * LOG_ORDERS + 10));
    assertEquals(shop.versions(), topic.versions());
  }

  private static Consumer<ObjectNode> offset(Consumer<ObjectNode> fault) {
    return pair -> fault.accept((ObjectNode) pair.path("offset"));
  }

  private static Consumer<ObjectNode> partition(Consumer<ObjectNode> fault) {
    return pair -> fault.accept((ObjectNode) pair.path("partition"));
  }

  /** An offset of the same shard, before all its orders. */
  private static JsonNode back(JsonNode pair) {
    JsonNode changed = pair.deepCopy();
    ((ObjectNode) changed.path("offset")).put("xid", 0).put("order_id", "0");
    return Json.tree(Map.of("offsets", List.of(changed)));
  }

  private static long shopOrders(Shop shop, int shard) {
    return shop.database()
        .number(
            "SELECT count(*) FROM orders WHERE (hashint8(id) & 2147483647) % "
                + SHARDS
                + " = "
                + shard);
  }

  private static Set<String> sorted(JsonNode offsets) {
    var sorted = new TreeSet<String>();
    offsets.path("offsets").forEach(pair -> sorted.add(pair.toString()));
    return sorted;
  }
}
