package io.orderflow.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a stack. By default: a broker, one worker without plugins, and PostgreSQL without
 * databases of its own. A server named from outside takes the place of the local one.
 */
public final class StackBuilder {
  private final Map<String, String> brokerSettings = new LinkedHashMap<>();
  private final Map<String, String> workerSettings = new LinkedHashMap<>();
  private final Map<String, String> postgresSettings = new LinkedHashMap<>();
  private final List<String> databases = new ArrayList<>();
  private final List<Path> pluginArchives = new ArrayList<>();
  private final List<Path> pluginFolders = new ArrayList<>();
  private List<String> brokerJvm = List.of("-Xmx512m");
  private List<String> workerJvm = List.of("-Xmx1g");
  private Path parentFolder = Path.of(System.getProperty("java.io.tmpdir"));
  private ExternalServers external = ExternalServers.ofThisProcess();
  private @Nullable KafkaCluster givenKafka;
  private @Nullable PostgresServer givenPostgres;
  private @Nullable Path workerLibraries;
  private @Nullable Path postgresJar;
  private boolean kafka = true;
  private boolean controllerApart;
  private boolean postgres = true;
  private int workers = 1;

  StackBuilder() {}

  /** Neither broker nor workers. */
  public StackBuilder withoutKafka() {
    kafka = false;
    return workers(0);
  }

  /**
   * The broker's controller is a process of its own, and continues while the broker is killed or
   * paused.
   */
  public StackBuilder controllerApart() {
    controllerApart = true;
    return this;
  }

  public StackBuilder withoutPostgres() {
    postgres = false;
    return this;
  }

  /** Uses a Kafka that the caller runs and stops, instead of a broker of the stack. */
  public StackBuilder kafka(KafkaCluster running) {
    givenKafka = running;
    return this;
  }

  /** Uses a PostgreSQL that the caller runs and stops, instead of one of the stack. */
  public StackBuilder postgres(PostgresServer running) {
    givenPostgres = running;
    return this;
  }

  /** The number of Connect workers at the start; more can be added while the stack runs. */
  public StackBuilder workers(int count) {
    workers = count;
    return this;
  }

  /**
   * Workers of another version of Kafka than the broker.
   *
   * @param folder all jars of their class path
   */
  public StackBuilder workerLibraries(Path folder) {
    workerLibraries = folder.toAbsolutePath();
    return this;
  }

  /**
   * PostgreSQL of another version than the one on the class path.
   *
   * @param jar one of {@code io.zonky.test.postgres}, with the binaries for this machine
   */
  public StackBuilder postgresBinaries(Path jar) {
    postgresJar = jar.toAbsolutePath();
    return this;
  }

  /** Databases to create, unless the server has them. */
  public StackBuilder databases(String... names) {
    databases.addAll(List.of(names));
    return this;
  }

  /** Zip files to unpack into the workers' plugin path, see {@link PluginArchives}. */
  public StackBuilder pluginArchives(List<Path> archives) {
    pluginArchives.addAll(archives);
    return this;
  }

  /** One more folder of the workers' plugin path. */
  public StackBuilder pluginFolder(Path folder) {
    pluginFolders.add(folder.toAbsolutePath());
    return this;
  }

  /** A line of the broker's properties file. */
  public StackBuilder brokerSetting(String name, String value) {
    brokerSettings.put(name, value);
    return this;
  }

  /** A line of each worker's properties file. */
  public StackBuilder workerSetting(String name, String value) {
    workerSettings.put(name, value);
    return this;
  }

  /** A PostgreSQL server setting, such as {@code track_commit_timestamp}. */
  public StackBuilder postgresSetting(String name, String value) {
    postgresSettings.put(name, value);
    return this;
  }

  /** The options of the broker's JVM, instead of {@code -Xmx512m}. */
  public StackBuilder brokerJvm(String... options) {
    brokerJvm = List.of(options);
    return this;
  }

  /** JVMs that start quickly, and leave out the compiler that pays off after minutes only. */
  public StackBuilder shortLived() {
    return brokerJvm("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        .workerJvm("-Xmx768m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  }

  /** The options of each worker's JVM, instead of {@code -Xmx1g}. */
  public StackBuilder workerJvm(String... options) {
    workerJvm = List.of(options);
    return this;
  }

  /** Adds options to each worker's JVM. */
  public StackBuilder moreWorkerJvm(List<String> options) {
    workerJvm = Stream.concat(workerJvm.stream(), options.stream()).toList();
    return this;
  }

  /** Where the stack creates its folder; otherwise among the system's temporary files. */
  public StackBuilder parentFolder(Path folder) {
    parentFolder = folder;
    return this;
  }

  /** Replaces the system properties and the environment that name servers from outside. */
  StackBuilder external(ExternalServers.Lookup settings) {
    external = new ExternalServers(settings, name -> null);
    return this;
  }

  /**
   * Starts everything and returns once all of it answers.
   *
   * @throws StackException naming the folder of the logs, if a part does not start; all parts that
   *     were started by then have ended
   */
  public LocalStack start() {
    StackFolder folder = StackFolder.create(parentFolder);
    CompletableFuture<Optional<PostgresServer>> postgresServer =
        CompletableFuture.supplyAsync(() -> startPostgres(folder));
    try {
      KafkaCluster cluster = launchKafka(folder);
      ConnectCluster connect = cluster == null ? null : launchConnect(folder, cluster);
      if (cluster instanceof LocalBroker broker) {
        broker.awaitReady();
      }
      if (connect instanceof LocalWorkers workers) {
        workers.all().forEach(LocalWorker::awaitReady);
      }
      return new LocalStack(folder, cluster, connect, postgresServer.join().orElse(null));
    } catch (CompletionException e) {
      throw failed(folder, e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException e) {
      throw failed(folder, e);
    }
  }

  private static StackException failed(StackFolder folder, Throwable cause) {
    var failure =
        new StackException(
            "The stack did not start; its logs are in " + folder.logs() + ". " + cause.getMessage(),
            cause);
    try (folder) {
      folder.keepLogs();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private Optional<PostgresServer> startPostgres(StackFolder folder) {
    if (!postgres) {
      return Optional.empty();
    }
    PostgresServer server =
        Optional.ofNullable(givenPostgres)
            .or(external::postgres)
            .orElseGet(() -> startLocalPostgres(folder));
    databases.forEach(server::createDatabase);
    return Optional.of(server);
  }

  private LocalPostgres startLocalPostgres(StackFolder folder) {
    Path binaries =
        postgresJar == null ? PostgresBinaries.unpacked() : PostgresBinaries.unpacked(postgresJar);
    LocalPostgres server = LocalPostgres.launch(folder, binaries, postgresSettings);
    server.awaitReady();
    return server;
  }

  private @Nullable KafkaCluster launchKafka(StackFolder folder) {
    return kafka
        ? Optional.ofNullable(givenKafka).or(external::kafka).orElseGet(() -> launchBroker(folder))
        : null;
  }

  private LocalBroker launchBroker(StackFolder folder) {
    KafkaDistribution distribution = KafkaDistribution.find();
    var settings = new ProcessSettings(brokerJvm, brokerSettings);
    return controllerApart
        ? LocalBroker.launch(
            folder, distribution, settings, LocalController.launch(folder, distribution, settings))
        : LocalBroker.launch(folder, distribution, settings);
  }

  /** Workers wait for their broker by themselves, so they can start beside it. */
  private ConnectCluster launchConnect(StackFolder folder, KafkaCluster cluster) {
    return external.connect().orElseGet(() -> launchWorkers(folder, cluster));
  }

  private LocalWorkers launchWorkers(StackFolder folder, KafkaCluster cluster) {
    Path unpacked = folder.path().resolve("plugins");
    PluginArchives.unpack(pluginArchives, unpacked);
    List<Path> pluginPath = new ArrayList<>(pluginFolders);
    pluginPath.add(unpacked);
    KafkaDistribution distribution =
        workerLibraries == null ? KafkaDistribution.find() : KafkaDistribution.in(workerLibraries);
    var settings = new ProcessSettings(workerJvm, workerSettings);
    var launched = new LocalWorkers(folder, distribution, cluster, pluginPath, settings);
    for (int i = 0; i < workers; i++) {
      launched.launch();
    }
    return launched;
  }
}
