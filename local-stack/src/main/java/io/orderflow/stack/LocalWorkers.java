package io.orderflow.stack;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** The stack's Connect cluster. */
public final class LocalWorkers implements ConnectCluster {
  private final StackFolder folder;
  private final KafkaDistribution distribution;
  private final ProcessSettings overrides;
  private final Map<String, String> settings;
  private final List<LocalWorker> workers = new CopyOnWriteArrayList<>();

  LocalWorkers(
      StackFolder folder,
      KafkaDistribution distribution,
      KafkaCluster kafka,
      List<Path> pluginPath,
      ProcessSettings overrides) {
    this.folder = folder;
    this.distribution = distribution;
    this.overrides = overrides;
    this.settings = settings(folder, kafka, pluginPath, overrides);
  }

  private static Map<String, String> settings(
      StackFolder folder, KafkaCluster kafka, List<Path> pluginPath, ProcessSettings overrides) {
    // Another stack's group and topics may be on a Kafka that is not the stack's own.
    String prefix =
        kafka instanceof LocalBroker ? "connect" : folder.path().getFileName().toString();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("group.id", prefix + "-cluster");
    settings.put("config.storage.topic", prefix + "-configs");
    settings.put("config.storage.replication.factor", "1");
    settings.put("offset.storage.topic", prefix + "-offsets");
    settings.put("offset.storage.replication.factor", "1");
    settings.put("offset.storage.partitions", "5");
    settings.put("status.storage.topic", prefix + "-status");
    settings.put("status.storage.replication.factor", "1");
    settings.put("status.storage.partitions", "1");
    settings.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
    settings.put("key.converter.schemas.enable", "false");
    settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    settings.put("value.converter.schemas.enable", "false");
    settings.put("exactly.once.source.support", "enabled");
    settings.put("plugin.discovery", "service_load");
    settings.put(
        "plugin.path", pluginPath.stream().map(Path::toString).collect(Collectors.joining(",")));
    // Sooner than by default: a lost worker is noticed, its tasks move on, sink offsets are stored.
    settings.put("session.timeout.ms", "10000");
    settings.put("heartbeat.interval.ms", "2000");
    settings.put("scheduled.rebalance.max.delay.ms", "3000");
    settings.put("offset.flush.interval.ms", "1000");
    settings.put("consumer.session.timeout.ms", "10000");
    settings.put("consumer.heartbeat.interval.ms", "2000");
    settings.putAll(overrides.properties());
    return settings;
  }

  /** The workers in the order in which they were added, those that are down included. */
  public List<LocalWorker> all() {
    return List.copyOf(workers);
  }

  /**
   * One of {@link #all}.
   *
   * @param index from 0, in the order in which they were added
   */
  public LocalWorker get(int index) {
    return workers.get(index);
  }

  /** Adds a worker to the cluster and returns once it is a member. */
  public LocalWorker add() {
    LocalWorker worker = launch();
    worker.awaitReady();
    return worker;
  }

  synchronized LocalWorker launch() {
    String name = "worker-" + (workers.size() + 1);
    LocalWorker worker =
        LocalWorker.launch(folder, distribution, name, settings, overrides.jvmOptions());
    workers.add(worker);
    return worker;
  }

  @Override
  public List<URI> uris() {
    return workers.stream().map(LocalWorker::uri).toList();
  }
}
