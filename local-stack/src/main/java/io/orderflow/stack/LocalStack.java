package io.orderflow.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Kafka, Connect and PostgreSQL, ready to use. All that it started ends with it, and with the
 * process that owns it, however that ends; its folder goes with it.
 *
 * <p>{@link #kafka()}, {@link #connect()} and {@link #postgres()} are there wherever the servers
 * run; {@link #broker()}, {@link #workers()} and {@link #localPostgres()} are the handles of those
 * that this stack started.
 */
public final class LocalStack implements AutoCloseable {
  private final StackFolder folder;
  private final @Nullable KafkaCluster kafka;
  private final @Nullable ConnectCluster connect;
  private final @Nullable PostgresServer postgres;

  private LocalStack(
      StackFolder folder,
      @Nullable KafkaCluster kafka,
      @Nullable ConnectCluster connect,
      @Nullable PostgresServer postgres) {
    this.folder = folder;
    this.kafka = kafka;
    this.connect = connect;
    this.postgres = postgres;
  }

  public static StackBuilder builder() {
    return new StackBuilder();
  }

  static LocalStack start(StackBuilder options) {
    StackFolder folder = StackFolder.create(options.parentFolder());
    CompletableFuture<Optional<PostgresServer>> postgres =
        CompletableFuture.supplyAsync(() -> startPostgres(folder, options));
    try {
      KafkaCluster kafka = launchKafka(folder, options);
      ConnectCluster connect = kafka == null ? null : launchConnect(folder, kafka, options);
      if (kafka instanceof LocalBroker broker) {
        broker.awaitReady();
      }
      if (connect instanceof LocalWorkers workers) {
        workers.all().forEach(LocalWorker::awaitReady);
      }
      return new LocalStack(folder, kafka, connect, postgres.join().orElse(null));
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

  private static Optional<PostgresServer> startPostgres(StackFolder folder, StackBuilder options) {
    if (!options.hasPostgres()) {
      return Optional.empty();
    }
    PostgresServer server =
        options
            .givenPostgres()
            .orElseGet(
                () -> {
                  LocalPostgres local =
                      LocalPostgres.launch(
                          folder, options.postgresFolder(), options.postgresSettings());
                  local.awaitReady();
                  return local;
                });
    options.databases().forEach(server::createDatabase);
    return Optional.of(server);
  }

  private static @Nullable KafkaCluster launchKafka(StackFolder folder, StackBuilder options) {
    if (!options.hasKafka()) {
      return null;
    }
    return options.givenKafka().orElseGet(() -> launchBroker(folder, options));
  }

  private static LocalBroker launchBroker(StackFolder folder, StackBuilder options) {
    KafkaDistribution kafka = KafkaDistribution.find();
    ProcessSettings settings = options.broker();
    return options.hasControllerApart()
        ? LocalBroker.launch(
            folder, kafka, settings, LocalController.launch(folder, kafka, settings))
        : LocalBroker.launch(folder, kafka, settings);
  }

  /** Workers wait for their broker by themselves, so they may well start while it does. */
  private static ConnectCluster launchConnect(
      StackFolder folder, KafkaCluster kafka, StackBuilder options) {
    return options
        .external()
        .connect()
        .orElseGet(
            () -> {
              List<Path> pluginPath = new ArrayList<>(options.pluginFolders());
              Path unpacked = folder.path().resolve("plugins");
              PluginArchives.unpack(options.pluginArchives(), unpacked);
              pluginPath.add(unpacked);
              var workers =
                  new LocalWorkers(
                      folder, options.workerDistribution(), kafka, pluginPath, options.worker());
              for (int i = 0; i < options.workers(); i++) {
                workers.launch();
              }
              return workers;
            });
  }

  public KafkaCluster kafka() {
    return present(kafka, "Kafka");
  }

  public ConnectCluster connect() {
    return present(connect, "Connect");
  }

  public PostgresServer postgres() {
    return present(postgres, "PostgreSQL");
  }

  /**
   * The handle of the broker.
   *
   * @throws StackException if Kafka is named from outside
   */
  public LocalBroker broker() {
    return local(kafka(), LocalBroker.class);
  }

  /**
   * What may be done to the Kafka server, wherever it runs.
   *
   * @throws StackException if whoever named it did not hand over its control
   */
  public ControlledServer controlledKafka() {
    return local(kafka(), ControlledServer.class);
  }

  /**
   * What may be done to the PostgreSQL server, wherever it runs.
   *
   * @throws StackException if whoever named it did not hand over its control
   */
  public ControlledServer controlledPostgres() {
    return local(postgres(), ControlledServer.class);
  }

  /**
   * The handle of the workers.
   *
   * @throws StackException if Connect is named from outside
   */
  public LocalWorkers workers() {
    return local(connect(), LocalWorkers.class);
  }

  /**
   * The handle of the PostgreSQL server.
   *
   * @throws StackException if PostgreSQL is named from outside
   */
  public LocalPostgres localPostgres() {
    return local(postgres(), LocalPostgres.class);
  }

  private static <T> T present(@Nullable T part, String name) {
    if (part == null) {
      throw new StackException("This stack was started without " + name);
    }
    return part;
  }

  private static <T> T local(Object server, Class<T> type) {
    if (!type.isInstance(server)) {
      throw new StackException(
          "Expected " + type.getSimpleName() + ", but it is named from outside: " + server);
    }
    return type.cast(server);
  }

  /** Everything that the stack writes, removed when it ends. */
  public Path folder() {
    return folder.path();
  }

  /** One log per process. */
  public Path logs() {
    return folder.logs();
  }

  /** The logs stay when the stack ends; for a caller that has seen a failure. */
  public void keepLogs() {
    folder.keepLogs();
  }

  /** Returns once all processes are gone. */
  @Override
  public void close() {
    folder.close();
  }
}
