package io.orderflow.stack;

/** A Kafka cluster, wherever it runs. */
public interface KafkaCluster {
  /** {@code host:port}, several separated by commas. */
  String bootstrapServers();
}
