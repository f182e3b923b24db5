package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * The OpenTelemetry Collector's configuration, as far as it can be checked without a Collector: the
 * rules that its start enforces, and those of its documentation.
 */
class CollectorConfigurationTest {

  private static final Path FILE =
      Checkout.root().resolve("config-examples/tracing/otel-collector.yaml");
  private static final List<String> KINDS = List.of("receivers", "processors", "exporters");

  /** Types of the contrib distribution, with their settings that are in use here. */
  private static final Map<String, Set<String>> SETTINGS =
      Map.of(
          "receivers/otlp", Set.of("protocols"),
          "processors/memory_limiter",
              Set.of("check_interval", "limit_percentage", "spike_limit_percentage"),
          "processors/batch", Set.of(),
          "exporters/otlp", Set.of("endpoint", "tls"),
          "exporters/otlphttp", Set.of("endpoint"),
          "exporters/prometheus", Set.of("endpoint"));

  private final JsonNode collector = read();

  private static JsonNode read() {
    try {
      return YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build()
          .readTree(FILE.toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pipelinesUseAllThatIsDefinedAndNothingElse() {
    for (String kind : KINDS) {
      Set<String> used = new TreeSet<>();
      for (JsonNode pipeline : collector.at("/service/pipelines")) {
        pipeline.path(kind).forEach(name -> used.add(name.asText()));
      }
      assertEquals(names(collector.path(kind)), used, kind);
    }
    assertEquals(Set.of("traces", "metrics", "logs"), names(collector.at("/service/pipelines")));
  }

  @Test
  void memoryIsLimitedFirstAndBatchesAreMadeLast() {
    for (JsonNode pipeline : collector.at("/service/pipelines")) {
      List<String> processors =
          StreamSupport.stream(pipeline.path("processors").spliterator(), false)
              .map(JsonNode::asText)
              .toList();
      assertEquals(List.of("memory_limiter", "batch"), processors);
    }
  }

  @Test
  void componentsAreOfKnownTypesWithKnownSettings() {
    Map<String, Set<String>> found = new TreeMap<>();
    for (String kind : KINDS) {
      collector
          .path(kind)
          .properties()
          .forEach(
              component ->
                  found
                      .computeIfAbsent(
                          kind + '/' + component.getKey().split("/", 2)[0], type -> new TreeSet<>())
                      .addAll(names(component.getValue())));
    }
    assertEquals(new TreeMap<>(SETTINGS), found);
  }

  @Test
  void composeHandsItWhatItReads() throws IOException {
    // Given
    JsonNode service =
        new YAMLMapper()
            .readTree(Checkout.root().resolve("docker-compose.yml").toFile())
            .at("/services/otel-collector");

    // Then
    assertEquals(
        "./config-examples/tracing/otel-collector.yaml:/etc/otelcol-contrib/config.yaml:ro",
        service.at("/volumes/0").asText());
    Set<String> read =
        new TreeSet<>(
            Pattern.compile("\\$\\{env:(\\w+):-[^}]+}")
                .matcher(Files.readString(FILE))
                .results()
                .map((MatchResult variable) -> variable.group(1))
                .toList());
    assertEquals(Set.of("LOG_STORE_ENDPOINT", "TRACE_STORE_ENDPOINT"), read);
    assertEquals(Set.of("TRACE_STORE_ENDPOINT"), names(service.path("environment")));
  }

  @Test
  void portsAreThoseOfTheProtocolAndOfThePrometheusExporter() {
    List<String> endpoints =
        List.of(
            collector.at("/receivers/otlp/protocols/grpc/endpoint").asText(),
            collector.at("/receivers/otlp/protocols/http/endpoint").asText(),
            collector.at("/exporters/prometheus/endpoint").asText());
    assertEquals(List.of("0.0.0.0:4317", "0.0.0.0:4318", "0.0.0.0:8889"), endpoints);
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
