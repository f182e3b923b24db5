package io.orderflow.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** One Kafka node, broker and KRaft controller at once. */
public final class LocalBroker implements KafkaCluster, LocalServer {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final String CLUSTER_ID = "T3JkZXJmbG93U3RhY2swMQ";

  private final int port;
  private final ServerProcess process;

  private LocalBroker(int port, ServerProcess process) {
    this.port = port;
    this.process = process;
  }

  /** Writes the settings, formats the storage, and launches the broker; does not wait for it. */
  static LocalBroker launch(
      StackFolder folder, KafkaDistribution kafka, ProcessSettings overrides) {
    int port = Ports.free();
    Path settings = folder.path().resolve("broker.properties");
    KafkaDistribution.write(settings, settings(folder, port, overrides));
    List<String> formatter = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    Shell.run(
        kafka.command(
            folder,
            formatter,
            "kafka.tools.StorageTool",
            "format",
            "-t",
            CLUSTER_ID,
            "-c",
            settings.toString()),
        folder.logs().resolve("broker-format.log"));
    List<String> command =
        kafka.command(folder, overrides.jvmOptions(), "kafka.Kafka", settings.toString());
    var process = new ServerProcess("broker", folder, command, ServerProcess.Signals.JAVA);
    process.launch();
    return new LocalBroker(port, process);
  }

  private static Map<String, String> settings(
      StackFolder folder, int port, ProcessSettings overrides) {
    int controllerPort = Ports.free();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
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
    // A killed broker may come back only once its former life's session is over; 9 s by default.
    settings.put("broker.session.timeout.ms", "4000");
    settings.put("broker.heartbeat.interval.ms", "1000");
    settings.put("log.cleaner.dedupe.buffer.size", "16777216");
    settings.putAll(overrides.properties());
    return settings;
  }

  void awaitReady() {
    process.awaitReady(READY_WITHIN, this::look);
  }

  /** A plain connection first: Kafka's client logs a warning for each that is refused. */
  private Optional<String> look() throws InterruptedException {
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

  @Override
  public void start() {
    process.launch();
    awaitReady();
  }

  @Override
  public void stop() {
    process.stop();
  }

  @Override
  public void killHard() {
    process.killHard();
  }

  @Override
  public void pause() {
    process.pause();
  }

  @Override
  public void resume() {
    process.resume();
  }

  @Override
  public boolean isRunning() {
    return process.isRunning();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Path logFile() {
    return process.logFile();
  }
}
