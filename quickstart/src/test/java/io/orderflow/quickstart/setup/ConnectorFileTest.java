package io.orderflow.quickstart.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectorFileTest {

  private static final Map<String, String> VALUES =
      Map.of(
          "SHOP_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/shop",
          "SHOP_DATABASE_USER", "u",
          "SHOP_DATABASE_PASSWORD", "p",
          "WAREHOUSE_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/warehouse",
          "WAREHOUSE_DATABASE_USER", "u",
          "WAREHOUSE_DATABASE_PASSWORD", "p");

  @Test
  void placeholdersAreFilledAndNothingElseChanges() {
    // Given
    String text = "{\"name\": \"c\", \"config\": {\"a\": \"${env:A}\", \"b\": \"$1 ${B}\"}}";

    // When
    ConnectorFile file = ConnectorFile.filled(text, Map.of("A", "pa\"ss\\$1"));

    // Then
    assertEquals("c", file.name());
    assertEquals("pa\"ss\\$1", file.setting("a"));
    assertEquals("$1 ${B}", file.setting("b"));
  }

  @Test
  void placeholderWithoutValueIsRejectedByName() {
    // When
    IllegalArgumentException rejection =
        assertThrows(
            IllegalArgumentException.class,
            () -> ConnectorFile.filled("{\"name\": \"${env:NO_SUCH}\"}", VALUES));

    // Then
    String message = String.valueOf(rejection.getMessage());
    assertTrue(message.contains("NO_SUCH"), message);
    assertFalse(message.contains("127.0.0.1"), message);
  }

  @Test
  void shippedFilesHaveNoOtherPlaceholders() {
    // Given
    ConfigExamples examples = ConfigExamples.ofThisCheckout();

    // When
    ConnectorFile source = examples.ordersSource(VALUES);
    ConnectorFile sink = examples.inventorySink(VALUES);

    // Then
    assertEquals("jdbc:postgresql://127.0.0.1:1/shop", source.setting("database.url"));
    assertEquals("jdbc:postgresql://127.0.0.1:1/warehouse", sink.setting("database.url"));
    assertEquals("required", source.setting("exactly.once.support"));
    assertEquals("8", source.setting("topic.creation.default.partitions"));
    assertEquals(source.setting("topic"), sink.setting("topics.order"));
    assertFalse((source.json() + sink.json()).contains("${"));
  }
}
