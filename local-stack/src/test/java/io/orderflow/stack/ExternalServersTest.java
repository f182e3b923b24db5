package io.orderflow.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalServersTest {
  @Test
  void environmentNamesServers() {
    // Given
    Map<String, String> environment =
        Map.of(
            "ORDERFLOW_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
            "ORDERFLOW_CONNECT_URL", "http://one:8083, http://two:8083",
            "ORDERFLOW_POSTGRES_URL", "jdbc:postgresql://db:5433/postgres?sslmode=require",
            "ORDERFLOW_POSTGRES_USER", "shopkeeper",
            "ORDERFLOW_POSTGRES_PASSWORD", "secret");

    // When
    var external = new ExternalServers(name -> null, environment::get);

    // Then
    assertEquals("kafka:9092", external.kafka().orElseThrow().bootstrapServers());
    assertEquals(
        List.of(URI.create("http://one:8083"), URI.create("http://two:8083")),
        external.connect().orElseThrow().uris());
    PostgresServer postgres = external.postgres().orElseThrow();
    assertEquals("jdbc:postgresql://db:5433/shop?sslmode=require", postgres.jdbcUrl("shop"));
    assertEquals("shopkeeper", postgres.user());
    assertEquals("secret", postgres.password());
    assertTrue(!postgres.toString().contains("secret"));
  }

  @Test
  void systemPropertyWinsOverEnvironment() {
    // Given
    Map<String, String> properties = Map.of("orderflow.kafka.bootstrap.servers", "mine:9092");
    Map<String, String> environment = Map.of("ORDERFLOW_KAFKA_BOOTSTRAP_SERVERS", "other:9092");

    // When
    var external = new ExternalServers(properties::get, environment::get);

    // Then
    assertEquals("mine:9092", external.kafka().orElseThrow().bootstrapServers());
  }

  @Test
  void connectWithoutItsKafkaIsRefused() {
    // Given
    Map<String, String> properties = Map.of("orderflow.connect.url", "http://one:8083");

    // When
    var external = new ExternalServers(properties::get, name -> null);

    // Then
    StackException failure = assertThrows(StackException.class, external::connect);
    assertTrue(failure.toString().contains("ORDERFLOW_KAFKA_BOOTSTRAP_SERVERS"));
  }

  @Test
  void namedPostgresTakesThePlaceOfTheLocalOne(@TempDir Path parent) {
    // Given
    try (LocalStack owner = LocalStack.builder().withoutKafka().parentFolder(parent).start()) {
      Map<String, String> properties =
          Map.of(
              "orderflow.postgres.url", owner.postgres().jdbcUrl("postgres"),
              "orderflow.postgres.user", owner.postgres().user(),
              "orderflow.postgres.password", owner.postgres().password());

      // When
      StackBuilder guest =
          LocalStack.builder().withoutKafka().databases("shop").parentFolder(parent);
      try (LocalStack stack = guest.external(properties::get).start()) {
        // Then
        assertEquals(owner.postgres().jdbcUrl("shop"), stack.postgres().jdbcUrl("shop"));
        assertThrows(StackException.class, stack::localPostgres);
        owner.postgres().createDatabase("shop");
      }
    }
  }
}
