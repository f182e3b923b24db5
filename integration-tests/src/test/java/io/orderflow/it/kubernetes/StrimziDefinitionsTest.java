package io.orderflow.it.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orderflow.stack.Checkout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * The manifests for Strimzi fit the definitions of its newest release, what is required included.
 * Its generator is made for JDK 21.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class StrimziDefinitionsTest {
  private static final Path TARGET = Checkout.root().resolve("integration-tests/target");

  @Test
  void everyManifestForStrimziFitsItsDefinition() throws Exception {
    // Given
    StrimziSchemas strimzi =
        StrimziSchemas.generate(TARGET.resolve("strimzi"), TARGET.resolve("strimzi-crds"));
    Manifest connect = Manifest.ofKind("KafkaConnect").get(0);
    Manifest connector = Manifest.ofKind("KafkaConnector").get(0);

    // When
    List<String> faults = new ArrayList<>();
    Manifest.all().stream()
        .filter(StrimziModels::know)
        .forEach(
            manifest ->
                strimzi.faults(manifest).forEach(fault -> faults.add(manifest + ": " + fault)));

    // Then
    assertEquals(List.of(), faults);
    assertFalse(strimzi.faults(connect.without("/spec", "groupId")).isEmpty());
    assertFalse(strimzi.faults(connect.with("/spec", "bootstrapServer", "x")).isEmpty());
    assertFalse(strimzi.faults(connector.with("/spec", "taskMax", "2")).isEmpty());
  }
}
