package io.orderflow.it.container;

import io.orderflow.stack.StackBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The servers of a stack that run in containers. Its workers are processes, as without them. */
public final class ContainerServers implements AutoCloseable {
  private final KafkaInContainers kafka;
  private final PostgresInContainer postgres;

  private ContainerServers(KafkaInContainers kafka, PostgresInContainer postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  /**
   * Returns once they answer.
   *
   * @param brokerSettings lines of the broker's and the controller's properties
   * @param brokerSession how long the controller waits for a silent broker before it fences it
   * @param postgresSettings such as {@code wal_level}
   */
  public static ContainerServers start(
      Map<String, String> brokerSettings,
      Duration brokerSession,
      Map<String, String> postgresSettings) {
    KafkaInContainers kafka = KafkaInContainers.start(brokerSettings, brokerSession);
    try {
      return new ContainerServers(kafka, PostgresInContainer.start(postgresSettings));
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  /** Configures a stack that uses these servers. */
  public StackBuilder asServersOf(StackBuilder stack) {
    return stack.kafka(kafka).postgres(postgres);
  }

  /** Writes the servers' output so far into the folder. */
  public void writeLogs(Path folder) {
    kafka.writeLogs(folder);
    postgres.writeLog(folder);
  }

  @Override
  public void close() {
    try (kafka) {
      postgres.close();
    }
  }
}
