package io.orderflow.it.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The alert rules, without a stack. */
@Tag("monitoring")
@EnabledIfSystemProperty(
    named = "orderflow.groups",
    matches = "monitoring",
    disabledReason = "needs the program prometheus: mvn -B verify -Pmonitoring")
class AlertRulesIT {

  @Test
  void rulesAndConfigurationAreSound() throws Exception {
    promtool("check", "rules", "orderflow-alerts.yml");
    promtool("check", "config", "prometheus.yml");
  }

  @Test
  void eachAlertFiresOnTheSeriesOfItsConditionAndNotBefore() throws Exception {
    promtool("test", "rules", "orderflow-alerts-test.yml");
    String tests = Files.readString(Tools.FOLDER.resolve("prometheus/orderflow-alerts-test.yml"));
    for (String alert : all("alert: (\\w+)")) {
      assertTrue(tests.contains("alertname: " + alert), alert + " has no test");
    }
  }

  @Test
  void eachAlertLeadsToARunbook() throws IOException {
    assertEquals(
        List.of(),
        all("runbook_url: ([^#\\s]+)").stream()
            .filter(page -> !Files.exists(Checkout.root().resolve(page)))
            .toList());
  }

  private static List<String> all(String pattern) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(Tools.RULES))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static void promtool(String... arguments) throws IOException, InterruptedException {
    Tools.require("promtool");
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(Tools.FOLDER.resolve("prometheus").toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }
}
