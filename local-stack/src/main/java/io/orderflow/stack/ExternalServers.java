package io.orderflow.stack;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Servers named from outside, to be used instead of local ones: by a system property such as {@code
 * orderflow.kafka.bootstrap.servers}, or by the environment variable {@code
 * ORDERFLOW_KAFKA_BOOTSTRAP_SERVERS}.
 */
final class ExternalServers {
  /** Where settings stand. */
  @FunctionalInterface
  interface Lookup {
    @Nullable String value(String name);
  }

  private final Lookup properties;
  private final Lookup environment;

  ExternalServers(Lookup properties, Lookup environment) {
    this.properties = properties;
    this.environment = environment;
  }

  static ExternalServers ofThisProcess() {
    return new ExternalServers(System::getProperty, System::getenv);
  }

  Optional<KafkaCluster> kafka() {
    return setting("orderflow.kafka.bootstrap.servers").map(ExternalKafka::new);
  }

  /** Several addresses are separated by commas. */
  Optional<ConnectCluster> connect() {
    Optional<String> urls = setting("orderflow.connect.url");
    if (urls.isPresent() && kafka().isEmpty()) {
      throw new StackException(
          "ORDERFLOW_CONNECT_URL names a Connect cluster; name its Kafka, too, with"
              + " ORDERFLOW_KAFKA_BOOTSTRAP_SERVERS");
    }
    return urls.map(
        all -> {
          List<URI> uris =
              Arrays.stream(all.split(",", -1)).map(String::strip).map(URI::create).toList();
          return new ExternalConnect(uris);
        });
  }

  Optional<PostgresServer> postgres() {
    return setting("orderflow.postgres.url")
        .map(
            url ->
                new ExternalPostgres(
                    url,
                    setting("orderflow.postgres.user").orElse("postgres"),
                    setting("orderflow.postgres.password").orElse("")));
  }

  private Optional<String> setting(String name) {
    String value = properties.value(name);
    if (value == null) {
      value = environment.value(name.toUpperCase(Locale.ROOT).replace('.', '_'));
    }
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }
}
