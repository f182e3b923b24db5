package io.orderflow.it.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One document of a YAML file of config-examples/kubernetes. */
record Manifest(String file, JsonNode content) {
  static final Path FOLDER = Checkout.root().resolve("config-examples/kubernetes");
  private static final YAMLMapper YAML = new YAMLMapper();

  /** All documents, in the order of their files' names. */
  static List<Manifest> all() {
    List<Manifest> all = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(FOLDER)) {
      List<Path> files = tree.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
      for (Path file : files) {
        String name = FOLDER.relativize(file).toString();
        read(Files.readString(file)).forEach(document -> all.add(new Manifest(name, document)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** The documents of a kind. */
  static List<Manifest> ofKind(String kind) {
    return all().stream().filter(manifest -> manifest.kind().equals(kind)).toList();
  }

  /** The documents of a YAML text. */
  static List<JsonNode> read(String yaml) throws IOException {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      return documents.readAll();
    }
  }

  String apiVersion() {
    return content.path("apiVersion").asText();
  }

  String kind() {
    return content.path("kind").asText();
  }

  /** API version and kind, as in {@code apps/v1/Deployment}. */
  String type() {
    return apiVersion() + '/' + kind();
  }

  String name() {
    return content.path("metadata").path("name").asText();
  }

  /** The same with one more field under {@code spec} or wherever the pointer leads. */
  Manifest with(String pointer, String field, String value) {
    JsonNode changed = content.deepCopy();
    ((ObjectNode) changed.at(pointer)).put(field, value);
    return new Manifest(file, changed);
  }

  /** The same without a field. */
  Manifest without(String pointer, String field) {
    JsonNode changed = content.deepCopy();
    ((ObjectNode) changed.at(pointer)).remove(field);
    return new Manifest(file, changed);
  }

  @Override
  public String toString() {
    return file + ": " + kind() + ' ' + name();
  }
}
