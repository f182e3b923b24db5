package io.orderflow.common.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a connector's configuration that Connect itself reads, in Kafka 3.9 to 4.1: those
 * of {@code ConnectorConfig}, {@code SourceConnectorConfig} and {@code SinkConnectorConfig}, named
 * here since connectors do not see these classes.
 */
public enum ConnectSettings {
  SOURCE,
  SINK;

  private static final List<String> OF_SOURCES =
      List.of(
          "exactly.once.support",
          "offsets.storage.topic",
          "transaction.boundary",
          "transaction.boundary.interval.ms");

  private static final List<String> OF_SINKS =
      List.of(
          "topics",
          "topics.regex",
          "errors.deadletterqueue.topic.name",
          "errors.deadletterqueue.topic.replication.factor",
          "errors.deadletterqueue.context.headers.enable");

  private static final List<String> COMMON =
      List.of(
          "name",
          "connector.class",
          "connector.plugin.version",
          "task.class",
          "tasks.max",
          "tasks.max.enforce",
          "key.converter",
          "value.converter",
          "header.converter",
          "transforms",
          "predicates",
          "config.action.reload",
          "errors.retry.timeout",
          "errors.retry.delay.max.ms",
          "errors.tolerance",
          "errors.log.enable",
          "errors.log.include.messages");

  private static final List<String> PREFIXES =
      List.of(
          "key.converter.",
          "value.converter.",
          "header.converter.",
          "transforms.",
          "predicates.",
          "producer.override.",
          "consumer.override.",
          "admin.override.",
          "topic.creation.");

  /** The settings with fixed names. */
  Set<String> names() {
    return Stream.concat(COMMON.stream(), (this == SOURCE ? OF_SOURCES : OF_SINKS).stream())
        .collect(Collectors.toSet());
  }

  /** Whether Connect passes settings with such a name to what it runs for the connector. */
  static boolean hasKnownPrefix(String key) {
    return PREFIXES.stream().anyMatch(key::startsWith);
  }
}
