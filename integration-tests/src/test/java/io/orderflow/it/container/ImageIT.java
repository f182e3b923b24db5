package io.orderflow.it.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Connectors;
import io.orderflow.stack.Checkout;
import io.orderflow.stack.ConnectCluster;
import io.orderflow.stack.ConnectRest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** The image of a worker, and the versions in the files around it. */
class ImageIT {
  private static final int PORT = 8083;
  private static final String ALLOWED = "IMAGE_TEST_DATABASE_USER";
  private static final String FORBIDDEN = "IMAGE_TEST_SECRET";

  @Test
  void filesNameTheVersionsOfTheBuild() throws IOException {
    // Given
    String dockerfile = Files.readString(Checkout.root().resolve("Dockerfile"));
    String compose = Files.readString(Checkout.root().resolve("docker-compose.yml"));

    // Then
    assertEquals(
        Checkout.image("kafka"),
        "apache/kafka:" + only(dockerfile, "ARG KAFKA_VERSION=(\\S+)"),
        "Dockerfile");
    assertEquals(Checkout.image("kafka"), only(compose, "image: (apache/kafka:\\S+)"));
    assertEquals(Checkout.image("postgres"), only(compose, "image: (postgres:\\S+)"));
  }

  @Test
  void agentIsSetAsTheDocumentationSays() throws IOException {
    String off = "OTEL_INSTRUMENTATION_(\\w+)_ENABLED";
    assertEquals(
        all(Files.readString(Checkout.root().resolve("docs/tracing.md")), off + "=false"),
        all(
            Files.readString(Checkout.root().resolve("docker/run-worker")),
            "export " + off + "=\\$\\{\\w+:-false\\}"));
  }

  @Test
  void prometheusLooksWhereComposeHasExporters() throws IOException {
    // Given
    String targets =
        Files.readString(
            Checkout.root().resolve("config-examples/monitoring/prometheus/prometheus.yml"));
    String compose = Files.readString(Checkout.root().resolve("docker-compose.yml"));
    String worker = Files.readString(Checkout.root().resolve("docker/run-worker"));

    // Then
    String ofWorker = only(worker, "JMX_EXPORTER_PORT:-(\\d+)");
    String ofBroker = only(compose, "jmx_prometheus_javaagent.jar=(\\d+):");
    assertEquals(
        Set.of("connect-1:" + ofWorker, "connect-2:" + ofWorker, "kafka:" + ofBroker),
        all(targets, "\"([\\w-]+:\\d+)\""));
    assertEquals(Set.of("connect", "broker"), all(compose, "monitoring/jmx-exporter-(\\w+).yaml"));
  }

  @Test
  @EnabledIfSystemProperty(
      named = "orderflow.containers",
      matches = "true",
      disabledReason = "needs Docker: mvn -B verify -Pcontainers")
  void workerRunsAsNobodyOnAReadOnlyRootAndOffersBothConnectors() throws Exception {
    // Given
    try (var kafka = KafkaInContainers.start(Map.of(), Duration.ofSeconds(9));
        GenericContainer<?> worker = worker(kafka)) {
      // When
      worker.start();

      // Then
      ExecResult user = worker.execInContainer("id", "-u");
      assertEquals("1000", user.getStdout().strip(), user::toString);
      ExecResult write = worker.execInContainer("touch", "/opt/orderflow/written");
      assertTrue(write.getStderr().contains("Read-only file system"), write::toString);
      ConnectRest rest = rest(worker);
      assertEquals(
          Set.of(Connectors.SOURCE, Connectors.SINK),
          StreamSupport.stream(rest.plugins().spliterator(), false)
              .map(plugin -> plugin.path("class").asText())
              .filter(name -> name.startsWith("io.orderflow."))
              .collect(Collectors.toSet()));
      Map<String, String> validated = validate(rest);
      assertEquals("somebody", validated.get("database.user"));
      assertEquals("${env:" + FORBIDDEN + '}', validated.get("topic"));
    }
  }

  /** The values of a configuration with variables, as Connect hands it to the connector. */
  private static Map<String, String> validate(ConnectRest rest) {
    Map<String, String> config =
        Map.of(
            "connector.class", Connectors.SOURCE,
            "database.user", "${env:" + ALLOWED + '}',
            "topic", "${env:" + FORBIDDEN + '}');
    return StreamSupport.stream(
            rest.validate(Connectors.SOURCE, config).path("configs").spliterator(), false)
        .map(setting -> setting.path("value"))
        .collect(
            Collectors.toMap(
                value -> value.path("name").asText(), value -> value.path("value").asText()));
  }

  private static GenericContainer<?> worker(KafkaInContainers kafka) {
    Path dockerfile = Checkout.root().resolve("Dockerfile");
    return new GenericContainer<>(new ImageFromDockerfile().withDockerfile(dockerfile))
        .withNetwork(kafka.network())
        .withEnv("CONNECT_BOOTSTRAP_SERVERS", KafkaInContainers.WITHIN_NETWORK)
        .withEnv("CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR", "1")
        .withEnv("CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR", "1")
        .withEnv("CONNECT_STATUS_STORAGE_REPLICATION_FACTOR", "1")
        .withEnv("KAFKA_HEAP_OPTS", "-Xmx512m")
        .withEnv(ALLOWED, "somebody")
        .withEnv(FORBIDDEN, "secret")
        .withTmpFs(Map.of("/tmp", "exec"))
        .withCreateContainerCmdModifier(
            command ->
                Objects.requireNonNull(command.getHostConfig())
                    .withReadonlyRootfs(true)
                    .withSecurityOpts(List.of("no-new-privileges:true")))
        .withExposedPorts(PORT)
        .waitingFor(Wait.forHealthcheck().withStartupTimeout(Duration.ofMinutes(2)));
  }

  private static ConnectRest rest(GenericContainer<?> worker) {
    URI uri = URI.create("http://" + worker.getHost() + ':' + worker.getMappedPort(PORT) + '/');
    ConnectCluster cluster = () -> List.of(uri);
    return cluster.rest();
  }

  private static String only(String text, String pattern) {
    Set<String> found = all(text, pattern);
    assertEquals(1, found.size(), () -> pattern + ": " + found);
    return found.iterator().next();
  }

  private static Set<String> all(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
