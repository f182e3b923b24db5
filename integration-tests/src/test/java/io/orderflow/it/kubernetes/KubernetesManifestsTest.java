package io.orderflow.it.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.it.fixture.Json;
import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Kubernetes and Strimzi accept the manifests, which fit the examples and one another. */
class KubernetesManifestsTest {
  @Test
  void everyManifestFitsTheSchemaOfItsKind() {
    List<String> faults = new ArrayList<>();
    for (Manifest manifest : Manifest.all()) {
      faults(manifest).forEach(fault -> faults.add(manifest + ": " + fault));
    }
    assertEquals(List.of(), faults);
  }

  private static List<String> faults(Manifest manifest) {
    if (manifest.apiVersion().startsWith("keda.sh/")) {
      return List.of(); // KedaManifestsTest
    }
    return StrimziModels.know(manifest)
        ? StrimziModels.faults(manifest)
        : KubernetesSchemas.faults(manifest);
  }

  @Test
  void misspeltFieldIsRefusedWhereverItStands() {
    // Given
    Manifest deployment = Manifest.ofKind("Deployment").get(0);
    Manifest connect = Manifest.ofKind("KafkaConnect").get(0);
    Manifest connector = Manifest.ofKind("KafkaConnector").get(0);
    String container = "/spec/template/spec/containers/0";

    // When, then
    refused(deployment.with("/spec", "replica", "2"), "replica");
    refused(deployment.with(container + "/securityContext", "readOnlyRootFileSystem", "x"), "File");
    refused(deployment.with(container + "/livenessProbe", "periodSecond", "5"), "periodSecond");
    refused(connect.with("/spec", "bootstrapServer", "x"), "bootstrapServer");
    refused(connect.with("/spec/build/plugins/0/artifacts/0", "sha512", "x"), "sha512");
    refused(connect.with("/spec/template/pod", "terminationGracePeriod", "x"), "GracePeriod");
    refused(connector.with("/spec", "taskMax", "2"), "taskMax");
  }

  @Test
  void missingFieldAndWrongTypeAreRefused() {
    // Given
    Manifest deployment = Manifest.ofKind("Deployment").get(0);
    Manifest connect = Manifest.ofKind("KafkaConnect").get(0);
    Manifest connector = Manifest.ofKind("KafkaConnector").get(0);

    // When, then
    refused(deployment.without("/spec", "selector"), "selector");
    refused(connect.with("/spec/authentication", "type", "password"), "type");
    refused(connector.with("/spec", "tasksMax", "many"), "tasksMax");
  }

  private static void refused(Manifest manifest, String word) {
    List<String> faults = faults(manifest);
    assertFalse(faults.isEmpty(), "Nothing is found: " + word);
    assertTrue(faults.toString().contains(word), faults::toString);
  }

  @Test
  void everyExampleIsAConnectorWithTheSameSettings() throws IOException {
    // Given
    Map<String, JsonNode> examples = new TreeMap<>();
    try (Stream<Path> files = Files.list(Checkout.root().resolve("config-examples"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".json")).toList()) {
        JsonNode example = Json.parse(Files.readString(file));
        examples.put(example.path("name").asText(), example.path("config"));
      }
    }

    // When
    Map<String, JsonNode> connectors = new TreeMap<>();
    for (Manifest manifest : Manifest.ofKind("KafkaConnector")) {
      JsonNode spec = manifest.content().path("spec");
      ObjectNode config = spec.path("config").deepCopy();
      config.put("connector.class", spec.path("class").asText());
      config.put("tasks.max", spec.path("tasksMax").asText());
      connectors.put(manifest.name(), config);
    }

    // Then
    assertEquals(examples, connectors);
  }

  @Test
  void whatTheConnectorsTakeFromTheEnvironmentIsInTheWorkersFromSecretsThatAreThere() {
    // Given
    Set<String> wanted = new TreeSet<>();
    for (Manifest connector : Manifest.ofKind("KafkaConnector")) {
      for (JsonNode value : connector.content().path("spec").path("config")) {
        if (value.asText().startsWith("${env:")) {
          wanted.add(value.asText().substring(6, value.asText().length() - 1));
        }
      }
    }

    // When, then
    assertFalse(wanted.isEmpty());
    for (String pointer :
        List.of("/spec/template/spec/containers/0/env", "/spec/template/connectContainer/env")) {
      Manifest workers =
          Manifest.all().stream()
              .filter(m -> m.content().at(pointer).isArray())
              .findFirst()
              .orElseThrow();
      Set<String> given = new TreeSet<>();
      for (JsonNode variable : workers.content().at(pointer)) {
        JsonNode secret = variable.path("valueFrom").path("secretKeyRef");
        if (secret.isObject()) {
          given.add(variable.path("name").asText());
          assertTrue(isThere(secret), () -> workers + " " + secret);
        }
      }
      assertEquals(wanted, given, workers::toString);
    }
  }

  private static boolean isThere(JsonNode reference) {
    return Manifest.ofKind("Secret").stream()
        .anyMatch(
            secret ->
                secret.name().equals(reference.path("name").asText())
                    && secret.content().path("stringData").has(reference.path("key").asText()));
  }
}
