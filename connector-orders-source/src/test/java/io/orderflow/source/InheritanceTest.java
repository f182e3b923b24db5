package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InheritanceTest {

  private final Shop shop = Shop.installed();

  @ParameterizedTest
  @CsvSource({
    "orders, orders.table, query", "order_items, items.table, query",
    "orders, orders.table, log", "order_items, items.table, log"
  })
  void tableWithAnHeirIsRefusedUntilTheInheritanceEnds(String table, String key, String capture) {
    // Given
    shop.run(
        """
        ALTER TABLE orders REPLICA IDENTITY FULL;
        ALTER TABLE order_items REPLICA IDENTITY FULL;
        CREATE TABLE "Heir's" () INHERITS (%s)
        """
            .formatted(table));
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(Map.of()) : shop.settings(Map.of());

    // When
    Map<String, List<String>> findings = Validation.findings(settings);
    String message = findings.toString();

    // Then
    assertEquals(List.of(key), List.copyOf(findings.keySet()), message);
    int fix = message.indexOf("ALTER TABLE");
    shop.run(message.substring(fix, message.indexOf(';', fix)));
    assertEquals(Map.of(), Validation.findings(settings));
  }

  @ParameterizedTest
  @CsvSource({"orders, '(7, ''NEW'', 1)'", "order_items, '(1, 7, ''A'', 1)'"})
  void heirThatIsAddedWhileCaptureRunsStopsIt(String table, String row) {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), new HashMap<>())) {
      run.records(1);

      // When
      shop.run(
          "CREATE TABLE heir () INHERITS (%s); INSERT INTO heir VALUES %s".formatted(table, row));

      // Then
      ConnectException stopped = assertThrows(ConnectException.class, () -> run.records(1));
      assertTrue(String.valueOf(stopped.getMessage()).contains("NO INHERIT"), stopped.getMessage());
    }
  }

  /** The heir is published with the table, so it needs a replica identity for its own updates. */
  @Test
  void heirThatIsAddedWhileLogCaptureRunsStopsIt() {
    // Given
    Map<String, String> settings = shop.logSettings(Map.of());
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      run.records(0);

      // When
      shop.run("CREATE TABLE heir () INHERITS (orders); INSERT INTO heir VALUES (7, 'NEW', 1)");

      // Then
      ConnectException stopped = assertThrows(ConnectException.class, () -> run.records(1));
      assertTrue(String.valueOf(stopped.getMessage()).contains("NO INHERIT"), stopped.getMessage());
    } finally {
      shop.dropSlots();
    }
  }
}
