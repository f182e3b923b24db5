package io.orderflow.it.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The custom resource definitions of Strimzi, made as its own build makes them: by its generator,
 * from its API classes. In a process of its own, since it ends the one that it runs in.
 */
final class StrimziSchemas {
  private static final Map<String, String> KINDS =
      Map.of(
          "KafkaConnect", "io.strimzi.api.kafka.model.connect.KafkaConnect",
          "KafkaConnector", "io.strimzi.api.kafka.model.connector.KafkaConnector",
          "KafkaUser", "io.strimzi.api.kafka.model.user.KafkaUser");

  private final Map<String, JsonSchema> byType;

  private StrimziSchemas(Map<String, JsonSchema> byType) {
    this.byType = Map.copyOf(byType);
  }

  /**
   * @param jars the generator and the API
   * @param folder of the definitions that it writes
   */
  static StrimziSchemas generate(Path jars, Path folder) throws Exception {
    Files.createDirectories(folder);
    Path output = folder.resolve("generator.out");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                jars.resolve("*").toString(),
                "io.strimzi.crdgenerator.CrdGenerator",
                "--yaml",
                "--target-kube",
                "1.30+",
                "--crd-api-version",
                "v1"));
    KINDS.forEach((kind, type) -> command.add(type + '=' + folder.resolve(kind + ".yaml")));
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("Strimzi's generator: " + Files.readString(output));
    }
    return read(folder);
  }

  private static StrimziSchemas read(Path folder) throws IOException {
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    Map<String, JsonSchema> byType = new HashMap<>();
    for (String kind : KINDS.keySet()) {
      JsonNode crd = Manifest.read(Files.readString(folder.resolve(kind + ".yaml"))).get(0);
      for (JsonNode version : crd.path("spec").path("versions")) {
        JsonNode schema = version.path("schema").path("openAPIV3Schema");
        close(schema);
        String apiVersion =
            crd.path("spec").path("group").asText() + '/' + version.path("name").asText();
        byType.put(apiVersion + '/' + kind, factory.getSchema(schema));
      }
    }
    return new StrimziSchemas(byType);
  }

  /** A field that the definition does not name is refused, as by kubectl's validation. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && object.path("type").asText().equals("object")
        && !object.has("additionalProperties")
        && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(StrimziSchemas::close);
  }

  /** The errors of a manifest; empty if it is valid. */
  List<String> faults(Manifest manifest) {
    JsonSchema schema = byType.get(manifest.type());
    if (schema == null) {
      throw new IllegalArgumentException("Expected one of " + byType.keySet() + ": " + manifest);
    }
    return schema.validate(manifest.content()).stream().map(ValidationMessage::getMessage).toList();
  }
}
