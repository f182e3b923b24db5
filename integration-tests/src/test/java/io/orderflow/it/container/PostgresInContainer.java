package io.orderflow.it.container;

import io.orderflow.it.fixture.Await;
import io.orderflow.it.fixture.Checkout;
import io.orderflow.stack.ControlledServer;
import io.orderflow.stack.Ports;
import io.orderflow.stack.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A PostgreSQL server in a container. */
final class PostgresInContainer implements PostgresServer, ControlledServer, AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final long SHARED_MEMORY_BYTES = 256L << 20;

  private final PostgreSQLContainer container;
  private final ContainerControl control;

  private PostgresInContainer(PostgreSQLContainer container) {
    this.container = container;
    this.control = new ContainerControl(container);
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
    ContainerControl.publish(container, Ports.free(), PostgreSQLContainer.POSTGRESQL_PORT);
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
  public void start() {
    control.start();
    Await.until("PostgreSQL answers", READY_WITHIN, this::isReady);
  }

  private boolean isReady() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Open connections are closed, transactions rolled back (PostgreSQL's fast shutdown). */
  @Override
  public void stop() {
    control.stop();
  }

  @Override
  public void killHard() {
    control.killHard();
  }

  @Override
  public void pause() {
    control.pause();
  }

  @Override
  public void resume() {
    control.resume();
  }

  @Override
  public boolean isRunning() {
    return control.isRunning();
  }

  void writeLog(Path folder) {
    control.writeLog(folder.resolve("postgres.log"));
  }

  @Override
  public void close() {
    container.stop();
  }
}
