package io.orderflow.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** The one broker of a Kafka cluster. Its KRaft controller is in the same process, or apart. */
public final class LocalBroker extends ProcessServer implements KafkaCluster {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  private final int port;
  private final BrokerSession session;

  private LocalBroker(int port, ServerProcess process, Duration session) {
    super(process, READY_WITHIN);
    this.port = port;
    this.session = new BrokerSession(session);
  }

  /** Writes the settings, formats the storage, and launches the broker; does not wait for it. */
  static LocalBroker launch(
      StackFolder folder, KafkaDistribution kafka, ProcessSettings overrides) {
    int port = Ports.free();
    int controllerPort = Ports.free();
    Map<String, String> settings = settings(folder, port);
    settings.put("process.roles", "broker,controller");
    settings.put("listeners", broker(port) + ',' + LocalController.listener(controllerPort));
    settings.putAll(LocalController.quorum(1, controllerPort));
    settings.putAll(overrides.properties());
    return new LocalBroker(port, launch(folder, kafka, overrides, settings), Duration.ZERO);
  }

  /** Launches a broker whose controller runs apart. */
  static LocalBroker launch(
      StackFolder folder,
      KafkaDistribution kafka,
      ProcessSettings overrides,
      LocalController controller) {
    int port = Ports.free();
    Map<String, String> settings = settings(folder, port);
    settings.put("process.roles", "broker");
    settings.put("listeners", broker(port));
    settings.putAll(controller.quorum());
    settings.putAll(overrides.properties());
    Duration session = LocalController.session(overrides);
    return new LocalBroker(port, launch(folder, kafka, overrides, settings), session);
  }

  private static ServerProcess launch(
      StackFolder folder,
      KafkaDistribution kafka,
      ProcessSettings overrides,
      Map<String, String> settings) {
    ServerProcess process =
        kafka.prepare(folder, "broker", new ProcessSettings(overrides.jvmOptions(), settings));
    process.launch();
    return process;
  }

  private static String broker(int port) {
    return "PLAINTEXT://127.0.0.1:" + port;
  }

  private static Map<String, String> settings(StackFolder folder, int port) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("node.id", "1");
    settings.put("advertised.listeners", broker(port));
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("log.dirs", folder.path().resolve("kafka").toString());
    settings.put("auto.create.topics.enable", "false");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "5");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "5");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.min.session.timeout.ms", "1000");
    settings.put("broker.heartbeat.interval.ms", "1000");
    settings.put("log.cleaner.dedupe.buffer.size", "16777216");
    return settings;
  }

  /** A plain connection first: Kafka's client logs a warning for each that is refused. */
  @Override
  Optional<String> probe() throws InterruptedException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getPort();
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
    Map<String, Object> settings =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    try (Admin admin = Admin.create(settings)) {
      int nodes = admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).size();
      return nodes == 1 ? Optional.empty() : Optional.of("It knows of " + nodes + " nodes");
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of(e.toString());
    }
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** After a kill it waits until the controller has fenced the broker. */
  @Override
  public void start() {
    session.awaitFenced();
    super.start();
  }

  @Override
  public void killHard() {
    boolean ran = isRunning();
    super.killHard();
    if (ran) {
      session.brokerWasKilled();
    }
  }
}
