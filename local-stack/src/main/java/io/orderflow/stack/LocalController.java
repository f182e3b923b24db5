package io.orderflow.stack;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A KRaft controller in a process of its own, as clusters in production have it: it lives on while
 * the broker is down, and notices it.
 */
final class LocalController {
  private static final List<String> JVM =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  private static final int NODE = 2;
  private static final String SESSION_TIMEOUT = "broker.session.timeout.ms";

  /** Kafka's own default is 9 s. */
  private static final Duration SESSION = Duration.ofSeconds(4);

  private final int port;

  private LocalController(int port) {
    this.port = port;
  }

  /** Launches it, and does not wait for it: the broker does. */
  static LocalController launch(
      StackFolder folder, KafkaDistribution kafka, ProcessSettings overrides) {
    var controller = new LocalController(Ports.free());
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("node.id", Integer.toString(NODE));
    settings.put("process.roles", "controller");
    settings.put("listeners", listener(controller.port));
    settings.put("log.dirs", folder.path().resolve("kafka-controller").toString());
    settings.putAll(controller.quorum());
    settings.putAll(overrides.properties());
    kafka.prepare(folder, "controller", new ProcessSettings(JVM, settings)).launch();
    return controller;
  }

  /** Where the only voter is, for the settings of each node. */
  Map<String, String> quorum() {
    return quorum(NODE, port);
  }

  static Map<String, String> quorum(int node, int port) {
    return Map.of(
        "controller.quorum.voters",
        node + "@127.0.0.1:" + port,
        "controller.listener.names",
        "CONTROLLER",
        // A killed broker may come back only once its former life's session is over.
        SESSION_TIMEOUT,
        Long.toString(SESSION.toMillis()));
  }

  /** How long it takes a broker for alive that it does not hear of. */
  static Duration session(ProcessSettings overrides) {
    String millis = overrides.properties().get(SESSION_TIMEOUT);
    return millis == null ? SESSION : Duration.ofMillis(Long.parseLong(millis));
  }

  static String listener(int port) {
    return "CONTROLLER://127.0.0.1:" + port;
  }
}
