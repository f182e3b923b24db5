package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Json;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.RestFailure;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The place in the log can be shown and reset over REST, and altered where that passes nothing. */
@OnRealWorkers
class LogOffsetsIT {
  private static final int ORDERS = 100;

  @Test
  void placeInTheLogIsShownGuardedAndReset(Stage stage) {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(ORDERS);
    Topic topic = stage.topic("orders", 2);
    String source = stage.connectors().start("source", Capture.LOG.source(shop, topic));
    await("all is captured").until(() -> topic.count() == ORDERS);
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
    refuses(rest, source, shown, offset -> offset.put("lsn", "yesterday"), "lsn");
    refuses(rest, source, shown, offset -> offset.put("lsn", "0/1"), "forgotten");
    refuses(rest, source, shown, offset -> offset.put("system", "1"), "cluster");
    refuses(rest, source, shown, offset -> offset.put("timestamp", 0), "timestamp");
    assertEquals(offsets, rest.offsets(source).path("offsets"));

    // When
    shop.database().execute("UPDATE orders SET version = version + 1 WHERE id <= 10");
    rest.resume(source);
    await("it goes on").until(() -> topic.count() == ORDERS + 10);
    stage.connectors().stop(source);
    rest.deleteOffsets(source);
    rest.resume(source);

    // Then
    await("all is captured again").until(topic::count, equalTo(2 * ORDERS + 10));
    assertEquals(shop.versions(), topic.versions());
  }

  private static void refuses(
      ConnectRest rest, String source, JsonNode good, Consumer<ObjectNode> fault, String word) {
    JsonNode bad = good.deepCopy();
    fault.accept((ObjectNode) bad.path("offset"));
    JsonNode offsets = Json.tree(Map.of("offsets", List.of(bad)));
    var refusal = assertThrows(RestFailure.class, () -> rest.patchOffsets(source, offsets));
    assertTrue(refusal.body().contains(word), refusal::getMessage);
    assertTrue(refusal.body().contains("expected"), refusal::getMessage);
  }
}
