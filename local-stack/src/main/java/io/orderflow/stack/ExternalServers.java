package io.orderflow.stack;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Servers named from outside, to be used instead of local ones: by a system property such as {@code
 * orderflow.kafka.bootstrap.servers}, or by the environment variable {@code
 * ORDERFLOW_KAFKA_BOOTSTRAP_SERVERS}.
 */
final class ExternalServers {
  private final Function<String, @Nullable String> properties;
  private final Function<String, @Nullable String> environment;

  ExternalServers(
      Function<String, @Nullable String> properties,
      Function<String, @Nullable String> environment) {
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
    String value = properties.apply(name);
    if (value == null) {
      value = environment.apply(name.toUpperCase(Locale.ROOT).replace('.', '_'));
    }
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }
}
