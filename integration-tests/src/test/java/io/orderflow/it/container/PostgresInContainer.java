package io.orderflow.it.container;

import static org.awaitility.Awaitility.await;

import io.orderflow.stack.Checkout;
import io.orderflow.stack.Ports;
import io.orderflow.stack.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A PostgreSQL server in a container. */
final class PostgresInContainer extends ServerInContainer implements PostgresServer, AutoCloseable {
  private static final long SHARED_MEMORY_BYTES = 256L << 20;

  private final PostgreSQLContainer container;

  private PostgresInContainer(PostgreSQLContainer container) {
    super(container);
    this.container = container;
  }

  /** Returns once the server answers. */
  static PostgresInContainer start(Map<String, String> settings) {
    List<String> command = new ArrayList<>(List.of("postgres", "-c", "max_connections=200"));
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + '=' + value)));
    PostgreSQLContainer container =
        new PostgreSQLContainer(DockerImageName.parse(Checkout.image("postgres")))
            .withUsername("postgres")
            .withSharedMemorySize(SHARED_MEMORY_BYTES)
            .withCommand(command.toArray(String[]::new));
    publish(container, Ports.free(), PostgreSQLContainer.POSTGRESQL_PORT);
    container.start();
    return new PostgresInContainer(container);
  }

  @Override
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://"
        + container.getHost()
        + ':'
        + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT)
        + '/'
        + database;
  }

  @Override
  public String user() {
    return container.getUsername();
  }

  @Override
  public String password() {
    return container.getPassword();
  }

  @Override
  void awaitReady() {
    await("PostgreSQL answers").until(this::isReady);
  }

  private boolean isReady() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  void writeLog(Path folder) {
    writeLog(container, folder.resolve("postgres.log"));
  }

  @Override
  public void close() {
    container.stop();
  }
}
