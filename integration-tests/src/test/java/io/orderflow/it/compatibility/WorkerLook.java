package io.orderflow.it.compatibility;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Findings;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.TaskMBeans;
import io.orderflow.stack.Checkout;
import io.orderflow.stack.ConnectRest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A worker of some version, seen by REST, in JMX and in its log. */
record WorkerLook(Stage stage) {

  /** Errors of a class that was compiled for another version of Connect. */
  private static final Pattern LINKAGE =
      Pattern.compile(
          "NoSuchMethodError|NoSuchFieldError|AbstractMethodError|NoClassDefFoundError"
              + "|IncompatibleClassChangeError|VerifyError|UnsupportedClassVersionError");

  private ConnectRest rest() {
    return stage.connectors().rest();
  }

  /** As in {@code 3.9.1}. */
  String version() {
    return rest().server().path("version").asText();
  }

  void knowsBothPlugins() {
    Map<String, String> versions = new HashMap<>();
    for (JsonNode plugin : rest().plugins()) {
      versions.put(plugin.path("class").asText(), plugin.path("version").asText());
    }
    assertEquals(Checkout.version(), versions.get(Connectors.SOURCE));
    assertEquals(Checkout.version(), versions.get(Connectors.SINK));
  }

  /** Valid settings have no findings, and a mistake is found at its setting. */
  void validates(Map<String, Map<String, String>> configs) {
    configs.forEach(
        (name, config) ->
            assertEquals(Map.of(), Findings.of(rest(), config).byKey(), "Of " + name));
    Map<String, String> mistaken = new HashMap<>(configs.get(CapturedTwice.BY_QUERY));
    mistaken.put("orders.table", "no_such_table");
    assertEquals(Set.of("orders.table"), Findings.of(rest(), mistaken).byKey().keySet());
  }

  /** The one JMX domain with the metrics of all connectors. */
  String domainOfMetrics() {
    Set<String> domains = new TreeSet<>();
    Map.of(
            CapturedTwice.BY_QUERY, "events-total",
            CapturedTwice.BY_LOG, "events-total",
            CapturedTwice.SINK, "records-applied-total")
        .forEach(
            (connector, attribute) -> {
              TaskMBeans tasks = new TaskMBeans(stage, connector);
              await(connector + " shows what went through").until(() -> tasks.sum(attribute) > 0);
              domains.addAll(tasks.domains(attribute));
            });
    assertEquals(1, domains.size(), domains::toString);
    return domains.iterator().next();
  }

  /** Stops a connector, shows its offsets, sets the same offsets, and resumes it. */
  void patchesOffsets(String connector) {
    stage.connectors().stop(connector);
    JsonNode offsets = rest().offsets(connector);
    assertFalse(offsets.path("offsets").isEmpty(), offsets::toString);
    String answer = rest().patchOffsets(connector, offsets).path("message").asText();
    assertTrue(answer.contains("success"), answer);
    rest().resume(connector);
  }

  /** Lines of the worker's log about calls that its version of Connect does not have. */
  List<String> linkageErrors() {
    try (Stream<String> lines = Files.lines(stage.stack().workers().get(0).logFile())) {
      return lines.filter(line -> LINKAGE.matcher(line).find()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
