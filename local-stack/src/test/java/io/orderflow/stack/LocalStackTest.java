package io.orderflow.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One stack for all tests: each leaves it as it found it, but the last, after which workers may
 * need minutes to find their way (docs/adr/0005-a-local-stack-of-stock-processes.md).
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalStackTest {
  private LocalStack stack;

  @BeforeAll
  void startStack() {
    stack =
        LocalStack.builder()
            .databases("shop", "warehouse")
            .shortLived()
            .postgresSetting("track_commit_timestamp", "on")
            .start();
  }

  @AfterAll
  void closeStack() {
    stack.close();
    assertFalse(stack.folder().toFile().exists());
  }

  @Test
  void restNamesTheBrokersCluster() throws Exception {
    // When
    String cluster = stack.connect().rest().server().path("kafka_cluster_id").asText();

    // Then
    try (Admin admin = admin()) {
      assertEquals(admin.describeCluster().clusterId().get(), cluster);
    }
  }

  @Test
  void restRefusalCarriesTheAnswersText() {
    // Given
    Map<String, String> config = Map.of("connector.class", "NoSuchConnector");

    // When
    RestFailure failure =
        assertThrows(RestFailure.class, () -> stack.connect().rest().put("none", config));

    // Then
    assertEquals(400, failure.status());
    assertTrue(failure.toString().contains("NoSuchConnector"), failure.toString());
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void killedBrokerComesBackWithItsTopics() throws Exception {
    // Given
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic("kept", 3, (short) 1))).all().get();
    }
    long before = stack.broker().pid();

    // When
    stack.broker().killHard();
    boolean ranAfterKill = stack.broker().isRunning();
    stack.broker().start();

    // Then
    assertFalse(ranAfterKill);
    assertNotEquals(before, stack.broker().pid());
    try (Admin admin = admin()) {
      Set<String> topics = admin.listTopics().names().get();
      assertTrue(topics.contains("kept"), topics.toString());
    }
  }

  @Test
  void killedWorkerComesBackWhileAnotherOneAnswers() {
    // Given
    LocalWorker first = stack.workers().get(0);
    LocalWorker second = stack.workers().add();

    // When
    first.killHard();
    List<String> answered = stack.connect().rest().connectors();
    first.start();

    // Then
    assertEquals(List.of(), answered);
    assertTrue(first.isRunning());
    second.stop();
    assertFalse(second.isRunning());
  }

  @Test
  void killedPostgresComesBackWithWhatWasCommitted() throws Exception {
    // Given
    execute("CREATE TABLE kept AS SELECT 1 AS id");
    try (Connection open = stack.postgres().connect("shop")) {
      // When
      stack.localPostgres().killHard();
      stack.localPostgres().start();

      // Then
      assertFalse(open.isValid(1));
    }
    assertEquals("1", query("SELECT count(*) FROM kept"));
  }

  @Test
  void stoppedPostgresComesBackWithItsSettings() throws Exception {
    // When
    stack.localPostgres().stop();
    assertThrows(SQLException.class, () -> stack.postgres().connect("shop").close());
    stack.localPostgres().start();

    // Then
    assertEquals("on", query("SHOW track_commit_timestamp"));
    assertEquals("on", query("SHOW fsync"));
  }

  @Test
  void pausedPostgresAnswersNobodyUntilItGoesOn() throws Exception {
    // Given
    String url = stack.postgres().jdbcUrl("shop") + "?socketTimeout=1";
    String user = stack.postgres().user();
    String password = stack.postgres().password();
    try (Connection open = DriverManager.getConnection(url, user, password);
        Statement statement = open.createStatement()) {
      // When
      stack.localPostgres().pause();

      // Then
      assertThrows(SQLException.class, () -> statement.execute("SELECT 1"));
    } finally {
      stack.localPostgres().resume();
    }
    assertEquals("1", query("SELECT 1"));
  }

  @Test
  void pausedBrokerGoesOn() {
    // When
    stack.broker().pause();
    stack.broker().resume();

    // Then
    Polling.until(
        "the broker answers",
        Duration.ofSeconds(30),
        () -> {
          try (Admin admin = admin()) {
            return admin.describeCluster().nodes().get().size();
          } catch (ExecutionException e) {
            return 0;
          }
        },
        nodes -> nodes == 1);
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = stack.postgres().connect("shop");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = stack.postgres().connect("shop");
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
