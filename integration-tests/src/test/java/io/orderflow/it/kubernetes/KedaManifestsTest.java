package io.orderflow.it.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The manifests for KEDA. Its schemas are in no Maven repository, so the default run checks the
 * objects that they refer to; with {@code -Dorderflow.npm=true}, npm brings KEDA's types, and
 * TypeScript's compiler refuses unknown fields.
 */
class KedaManifestsTest {
  private static final Path PROJECT = Checkout.root().resolve("integration-tests/src/test/keda");
  private static final Path TARGET = Checkout.root().resolve("integration-tests/target/keda");

  @Test
  void whatIsScaledIsAManifestOfItsKind() {
    for (Manifest scaled : Manifest.ofKind("ScaledObject")) {
      JsonNode target = scaled.content().at("/spec/scaleTargetRef");
      assertEquals(
          1,
          Manifest.ofKind(target.path("kind").asText()).stream()
              .filter(
                  manifest ->
                      manifest.name().equals(target.path("name").asText())
                          && manifest.apiVersion().equals(target.path("apiVersion").asText()))
              .count(),
          scaled::toString);
    }
  }

  @Test
  void lagIsThatOfTheSinksGroup() {
    for (Manifest scaled : Manifest.ofKind("ScaledObject")) {
      String group = scaled.content().at("/spec/triggers/0/metadata/consumerGroup").asText();
      assertTrue(
          Manifest.ofKind("KafkaConnector").stream()
              .anyMatch(connector -> group.equals("connect-" + connector.name())),
          group);
    }
  }

  @Test
  void behaviorIsOneOfAnAutoscaler() {
    for (Manifest scaled : Manifest.ofKind("ScaledObject")) {
      JsonNode behavior =
          scaled.content().at("/spec/advanced/horizontalPodAutoscalerConfig/behavior");
      ObjectNode marked = behavior.deepCopy();
      assertEquals(List.of(), KubernetesSchemas.behaviorFaults(marked));
      marked.putObject("scaleUpp");
      assertFalse(KubernetesSchemas.behaviorFaults(marked).isEmpty());
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "orderflow.npm",
      matches = "true",
      disabledReason =
          "needs npm: mvn -B test -pl integration-tests -am -Dtest=KedaManifestsTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dorderflow.npm=true")
  void everyManifestHasTheTypesOfKeda() throws Exception {
    // Given
    List<Manifest> manifests =
        Manifest.all().stream().filter(m -> m.apiVersion().startsWith("keda.sh/")).toList();
    Manifest good = Manifest.ofKind("ScaledObject").get(0);
    install();

    // When, then
    for (Manifest manifest : manifests) {
      assertEquals("", faults(manifest), manifest::toString);
    }
    assertTrue(faults(good.with("/spec", "maxReplicas", "4")).contains("maxReplicas"));
    assertTrue(faults(good.without("/spec", "triggers")).contains("triggers"));
  }

  private static void install() throws Exception {
    Files.createDirectories(TARGET);
    try (Stream<Path> files = Files.list(PROJECT)) {
      for (Path file : files.toList()) {
        Files.write(TARGET.resolve(file.getFileName().toString()), Files.readAllBytes(file));
      }
    }
    assertEquals(
        0, run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"), TARGET::toString);
  }

  /** The errors of TypeScript's compiler for the manifest as a literal of KEDA's type. */
  private static String faults(Manifest manifest) throws Exception {
    String source =
        """
        import type { I%1$s } from "@kubernetes-models/keda/keda.sh/v1alpha1/%1$s";
        export const manifest: I%1$s = %2$s;
        """
            .formatted(manifest.kind(), manifest.content());
    Files.writeString(TARGET.resolve("manifest.ts"), source);
    run(
        "node",
        "node_modules/typescript/bin/tsc",
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "nodenext",
        "--moduleResolution",
        "nodenext",
        "manifest.ts");
    return Files.readString(TARGET.resolve("output.txt")).strip();
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .directory(TARGET.toFile())
        .redirectErrorStream(true)
        .redirectOutput(TARGET.resolve("output.txt").toFile())
        .start()
        .waitFor();
  }
}
