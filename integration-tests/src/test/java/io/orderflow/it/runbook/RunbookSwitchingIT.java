package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The capture is switched there, back and there again, as the runbook says, while the shop works.
 */
@RunbookTest
class RunbookSwitchingIT {

  private static final Pattern ID_AND_VERSION =
      Pattern.compile("\"id\":(\\d+),.*\"version\":(\\d+)");

  @Test
  void switchingCapturesLosesAndRepeatsNothing() throws Exception {
    try (ExampleStack examples = ExampleStack.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("switching-captures.md");
      Operator operator = examples.operator();
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Void> shop =
          CompletableFuture.runAsync(
              () -> {
                for (int order = 4701; !over.get(); order = order == 4900 ? 4701 : order + 1) {
                  examples
                      .shop()
                      .execute("UPDATE orders SET version = version + 1 WHERE id = " + order);
                }
              });

      // When
      operator.run(page.section("From query to log"));
      operator.run(page.section("From log to query"));
      operator.run(page.section("Cured"));
      operator.run(page.section("From query to log"));
      over.set(true);
      shop.get();
      examples.awaitAllApplied();

      // Then
      Map<String, Long> emitted = new HashMap<>();
      for (String event : examples.emitted()) {
        Matcher parts = ID_AND_VERSION.matcher(event);
        assertTrue(parts.find(), event);
        long version = Long.parseLong(parts.group(2));
        Long before = emitted.put(parts.group(1), version);
        assertTrue(before == null || before < version, () -> event + " after " + before);
      }
      assertEquals(examples.shop().map("SELECT id, version FROM orders"), asText(emitted));
      operator.leftNoneOut(page);
    }
  }

  private static Map<String, String> asText(Map<String, Long> versions) {
    Map<String, String> texts = new HashMap<>();
    versions.forEach((id, version) -> texts.put(id, version.toString()));
    return texts;
  }
}
