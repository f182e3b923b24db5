package io.orderflow.stack;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Kafka, Connect and PostgreSQL, ready to use. All processes that it started end with it, and with
 * the process that owns it, however that ends; its folder goes with it.
 *
 * <p>{@link #kafka()}, {@link #connect()} and {@link #postgres()} exist wherever the servers run;
 * {@link #broker()}, {@link #workers()} and {@link #localPostgres()} are the handles of those that
 * this stack started.
 */
public final class LocalStack implements AutoCloseable {
  private final StackFolder folder;
  private final @Nullable KafkaCluster kafka;
  private final @Nullable ConnectCluster connect;
  private final @Nullable PostgresServer postgres;

  LocalStack(
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
   * The control of the Kafka server, wherever it runs.
   *
   * @throws StackException if it runs elsewhere and its control was not handed over
   */
  public ControlledServer controlledKafka() {
    return local(kafka(), ControlledServer.class);
  }

  /**
   * The control of the PostgreSQL server, wherever it runs.
   *
   * @throws StackException if it runs elsewhere and its control was not handed over
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
