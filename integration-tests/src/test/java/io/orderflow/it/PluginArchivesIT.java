package io.orderflow.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Stage;
import io.orderflow.stack.Checkout;
import io.orderflow.stack.PluginArchives;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contents of the archives, and their discovery by a worker that reads service manifests only.
 */
@OnRealWorkers
class PluginArchivesIT {
  /** Packages of which the worker has its own copy; a second one would hide it. */
  private static final List<String> OF_THE_WORKER = List.of("org/apache/kafka/", "org/slf4j/");

  private static final Set<String> NAMES_OF_CONNECTORS =
      Set.of("orderflow-orders-source", "orderflow-inventory-sink");

  private static final Set<String> OTHER_JARS =
      Set.of(
          "orderflow-common",
          "HikariCP",
          "postgresql",
          "opentelemetry-api",
          "opentelemetry-common",
          "opentelemetry-context");

  static List<Path> archives() {
    return PluginArchives.ofThisCheckout();
  }

  @ParameterizedTest
  @MethodSource("archives")
  void archiveUnpacksIntoOneFolderWithLicenceReadMeAndJars(Path archive) throws IOException {
    Map<String, byte[]> entries = entries(Files.newInputStream(archive));
    Set<String> roots =
        entries.keySet().stream()
            .map(name -> name.replaceAll("/.*", ""))
            .collect(Collectors.toSet());
    assertEquals(1, roots.size(), roots::toString);
    String root = roots.iterator().next();
    assertTrue(entries.containsKey(root + "/LICENSE"), entries.keySet()::toString);
    assertTrue(entries.containsKey(root + "/README.md"), entries.keySet()::toString);
    assertTrue(
        jars(entries).keySet().stream().allMatch(jar -> jar.startsWith(root + "/lib/")),
        entries.keySet()::toString);
  }

  @ParameterizedTest
  @MethodSource("archives")
  void noJarHasWhatTheWorkerBringsItself(Path archive) throws IOException {
    Set<String> intruders = new TreeSet<>();
    jars(entries(Files.newInputStream(archive)))
        .forEach(
            (jar, content) ->
                entries(new ByteArrayInputStream(content)).keySet().stream()
                    .filter(name -> OF_THE_WORKER.stream().anyMatch(name::startsWith))
                    .forEach(name -> intruders.add(jar + ": " + name)));
    assertEquals(Set.of(), intruders);
  }

  /** Each jar is needed. The assembly leaves out any other, or it is listed here with a reason. */
  @ParameterizedTest
  @MethodSource("archives")
  void archiveHasTheseJarsAlone(Path archive) throws IOException {
    Set<String> names = new TreeSet<>();
    jars(entries(Files.newInputStream(archive)))
        .keySet()
        .forEach(jar -> names.add(jar.replaceAll(".*/", "").replaceAll("-\\d.*", "")));
    String connector = names.stream().filter(NAMES_OF_CONNECTORS::contains).findFirst().orElse("");
    Set<String> expected = new TreeSet<>(OTHER_JARS);
    expected.add(connector);
    if (connector.equals("orderflow-inventory-sink")) {
      expected.add("jackson-core");
    }
    assertEquals(expected, names);
  }

  /**
   * The page lists each jar with its size, as {@code | jar | kB |}; sizes may be off by a fifth.
   */
  @ParameterizedTest
  @MethodSource("archives")
  void pageListsTheJarsWithTheirSizes(Path archive) throws IOException {
    String page = Files.readString(Checkout.root().resolve("docs/operations/start-up.md"));
    jars(entries(Files.newInputStream(archive)))
        .forEach(
            (jar, content) -> {
              String name = jar.replaceAll(".*/", "").replaceAll("-\\d.*", "");
              Matcher row =
                  Pattern.compile("\\| `" + Pattern.quote(name) + "` \\| ([\\d,]+) \\|")
                      .matcher(page);
              assertTrue(row.find(), name);
              double listed = Double.parseDouble(row.group(1).replace(",", ""));
              double size = content.length / 1000.0;
              assertTrue(
                  Math.abs(size - listed) <= size / 5,
                  name + " has " + size + " kB, not " + listed);
            });
  }

  @ParameterizedTest
  @MethodSource("archives")
  void everyClassOfAServiceManifestIsThere(Path archive) throws IOException {
    Map<String, byte[]> all = new HashMap<>();
    jars(entries(Files.newInputStream(archive)))
        .values()
        .forEach(jar -> all.putAll(entries(new ByteArrayInputStream(jar))));
    List<String> named =
        all.entrySet().stream()
            .filter(
                entry -> entry.getKey().startsWith("META-INF/services/org.apache.kafka.connect"))
            .flatMap(entry -> new String(entry.getValue(), UTF_8).lines())
            .toList();
    assertEquals(1, named.size(), named::toString);
    assertTrue(all.containsKey(named.get(0).replace('.', '/') + ".class"), named.get(0));
  }

  @Test
  void workersOfferBothConnectorsInTheVersionOfTheBuild(Stage stage) {
    Map<String, String> offered = new TreeMap<>();
    for (JsonNode plugin : stage.connectors().rest().plugins()) {
      if (plugin.path("class").asText().startsWith("io.orderflow.")) {
        offered.put(
            plugin.path("class").asText(),
            plugin.path("type").asText() + ' ' + plugin.path("version").asText());
      }
    }
    assertEquals(
        Map.of(
            Connectors.SOURCE, "source " + Checkout.version(),
            Connectors.SINK, "sink " + Checkout.version()),
        offered);
  }

  private static Map<String, byte[]> jars(Map<String, byte[]> entries) {
    Map<String, byte[]> jars = new TreeMap<>(entries);
    jars.keySet().removeIf(name -> !name.endsWith(".jar"));
    return jars;
  }

  private static Map<String, byte[]> entries(InputStream zipped) {
    Map<String, byte[]> entries = new TreeMap<>();
    try (var zip = new ZipInputStream(zipped)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }
}
