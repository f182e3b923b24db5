package io.orderflow.stack;

/** A Kafka cluster that somebody else runs. */
record ExternalKafka(String bootstrapServers) implements KafkaCluster {}
