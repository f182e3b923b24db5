package io.orderflow.it.container;

import static org.awaitility.Awaitility.await;

import io.orderflow.stack.BrokerSession;
import io.orderflow.stack.Checkout;
import io.orderflow.stack.KafkaCluster;
import io.orderflow.stack.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A broker in a container, and its controller in one of its own, which continues while the broker
 * is killed: docs/adr/0005-a-local-stack-of-stock-processes.md.
 */
final class KafkaInContainers extends ServerInContainer implements KafkaCluster, AutoCloseable {
  private static final DockerImageName IMAGE = DockerImageName.parse(Checkout.image("kafka"));
  private static final int PORT = 9092;
  private static final int PORT_WITHIN_NETWORK = 9093;

  /** The bootstrap servers of containers in {@link #network}. */
  static final String WITHIN_NETWORK = "broker:" + PORT_WITHIN_NETWORK;

  private static final Map<String, String> OF_BOTH =
      Map.of(
          "CLUSTER_ID", "T3JkZXJmbG93U3RhY2swMQ",
          "KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER",
          "KAFKA_CONTROLLER_QUORUM_VOTERS", "2@controller:9093",
          "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
              "BROKER:PLAINTEXT,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");

  private final Network network;
  private final GenericContainer<?> controller;
  private final KafkaContainer broker;
  private final BrokerSession session;

  private KafkaInContainers(
      Network network,
      GenericContainer<?> controller,
      KafkaContainer broker,
      BrokerSession session) {
    super(broker);
    this.network = network;
    this.controller = controller;
    this.broker = broker;
    this.session = session;
  }

  /**
   * Returns once the broker answers.
   *
   * @param settings lines of the properties of broker and controller
   * @param session the length of a broker's session
   */
  static KafkaInContainers start(Map<String, String> settings, Duration session) {
    Network network = Network.newNetwork();
    var kafka =
        new KafkaInContainers(
            network,
            controller(network, settings),
            broker(network, settings),
            new BrokerSession(session));
    try {
      kafka.controller.start();
      kafka.broker.start();
      return kafka;
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  private static GenericContainer<?> controller(Network network, Map<String, String> settings) {
    return new GenericContainer<>(IMAGE)
        .withNetwork(network)
        .withNetworkAliases("controller")
        .withEnv(OF_BOTH)
        .withEnv(variables(settings))
        .withEnv("KAFKA_HEAP_OPTS", "-Xmx256m")
        .withEnv("KAFKA_NODE_ID", "2")
        .withEnv("KAFKA_PROCESS_ROLES", "controller")
        .withEnv("KAFKA_LISTENERS", "CONTROLLER://:9093")
        .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1));
  }

  private static KafkaContainer broker(Network network, Map<String, String> settings) {
    KafkaContainer broker =
        new KafkaContainer(IMAGE)
            .withNetwork(network)
            .withNetworkAliases("broker")
            .withEnv(OF_BOTH)
            .withEnv(variables(settings))
            .withEnv("KAFKA_HEAP_OPTS", "-Xmx512m")
            .withEnv("KAFKA_PROCESS_ROLES", "broker")
            .withEnv("KAFKA_LISTENERS", listeners());
    publish(broker, Ports.free(), PORT);
    return broker;
  }

  private static String listeners() {
    return "PLAINTEXT://:" + PORT + ",BROKER://:" + PORT_WITHIN_NETWORK;
  }

  /** As Kafka's image names them. */
  private static Map<String, String> variables(Map<String, String> settings) {
    return settings.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> "KAFKA_" + entry.getKey().replace('.', '_').toUpperCase(Locale.ROOT),
                Map.Entry::getValue));
  }

  /** The network in which other containers reach the broker. */
  Network network() {
    return network;
  }

  @Override
  public String bootstrapServers() {
    return broker.getBootstrapServers();
  }

  /** After a kill it waits until the controller has fenced the broker. */
  @Override
  public void start() {
    session.awaitFenced();
    super.start();
  }

  @Override
  void awaitReady() {
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    try (Admin admin = Admin.create(settings)) {
      await("the broker answers").until(() -> isReady(admin));
    }
  }

  private static boolean isReady(Admin admin) throws InterruptedException {
    try {
      return admin.describeCluster().nodes().get().size() == 1;
    } catch (ExecutionException e) {
      return false;
    }
  }

  @Override
  public void killHard() {
    boolean ran = isRunning();
    super.killHard();
    if (ran) {
      session.brokerWasKilled();
    }
  }

  void writeLogs(Path folder) {
    writeLog(broker, folder.resolve("broker.log"));
    writeLog(controller, folder.resolve("controller.log"));
  }

  @Override
  public void close() {
    broker.stop();
    controller.stop();
    network.close();
  }
}
