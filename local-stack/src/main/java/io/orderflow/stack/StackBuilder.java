package io.orderflow.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stack is to consist of. By default: a broker, one worker without plugins, and PostgreSQL
 * without databases of its own. A server named from outside takes the place of the local one.
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
   * The broker's controller is a process of its own, and goes on while the broker is killed or
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

  /** Kafka as the caller has it running, and ends it, instead of a broker of the stack's own. */
  public StackBuilder kafka(KafkaCluster running) {
    givenKafka = running;
    return this;
  }

  /** PostgreSQL as the caller has it running, and ends it, instead of the stack's own. */
  public StackBuilder postgres(PostgresServer running) {
    givenPostgres = running;
    return this;
  }

  /** How many Connect workers to start with; more can be added while the stack runs. */
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

  /** The options of each worker's JVM, instead of {@code -Xmx1g}. */
  public StackBuilder workerJvm(String... options) {
    workerJvm = List.of(options);
    return this;
  }

  /** Where the stack creates its folder; otherwise among the system's temporary files. */
  public StackBuilder parentFolder(Path folder) {
    parentFolder = folder;
    return this;
  }

  /** What is named from outside, instead of by system properties and environment. */
  StackBuilder external(ExternalServers.Lookup settings) {
    external = new ExternalServers(settings, name -> null);
    return this;
  }

  /**
   * Starts everything and returns once all of it answers.
   *
   * @throws StackException naming the folder of the logs, if a part does not start; what was
   *     started by then is gone
   */
  public LocalStack start() {
    return LocalStack.start(this);
  }

  ExternalServers external() {
    return external;
  }

  Optional<KafkaCluster> givenKafka() {
    return Optional.ofNullable(givenKafka).or(external::kafka);
  }

  Optional<PostgresServer> givenPostgres() {
    return Optional.ofNullable(givenPostgres).or(external::postgres);
  }

  KafkaDistribution workerDistribution() {
    return workerLibraries == null
        ? KafkaDistribution.find()
        : KafkaDistribution.in(workerLibraries);
  }

  Path postgresFolder() {
    return postgresJar == null
        ? PostgresBinaries.unpacked()
        : PostgresBinaries.unpacked(postgresJar);
  }

  boolean hasKafka() {
    return kafka;
  }

  boolean hasControllerApart() {
    return controllerApart;
  }

  boolean hasPostgres() {
    return postgres;
  }

  int workers() {
    return workers;
  }

  List<String> databases() {
    return List.copyOf(databases);
  }

  List<Path> pluginArchives() {
    return List.copyOf(pluginArchives);
  }

  List<Path> pluginFolders() {
    return List.copyOf(pluginFolders);
  }

  ProcessSettings broker() {
    return new ProcessSettings(brokerJvm, brokerSettings);
  }

  ProcessSettings worker() {
    return new ProcessSettings(workerJvm, workerSettings);
  }

  Map<String, String> postgresSettings() {
    return Map.copyOf(postgresSettings);
  }

  Path parentFolder() {
    return parentFolder;
  }
}
