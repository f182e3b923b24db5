package io.orderflow.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that gives the answers it is told to, the last one for ever. */
class ConnectRestTest {
  private static final String RUNNING =
      """
      {"name": "orders", "connector": {"state": "RUNNING", "worker_id": "one:8083"},
       "tasks": [{"id": 0, "state": "RUNNING", "worker_id": "one:8083"}]}""";
  private static final String FAILED =
      """
      {"name": "orders", "connector": {"state": "RUNNING", "worker_id": "one:8083"},
       "tasks": [{"id": 0, "state": "FAILED", "worker_id": "one:8083", "trace": "no table"}]}""";

  private final Deque<Answer> answers = new ArrayDeque<>();
  private HttpServer server;
  private ConnectRest rest;

  private record Answer(int status, String body) {}

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URI down = URI.create("http://127.0.0.1:" + Ports.free());
    URI up = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    rest = new ConnectRest(() -> List.of(down, up));
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void requestIsRepeatedWhileTheClusterRebalances() {
    // Given
    answers.add(new Answer(409, "{\"message\": \"a rebalance is expected\"}"));
    answers.add(new Answer(500, "IO Error trying to forward REST request: refused"));
    answers.add(new Answer(200, "[\"orders\"]"));

    // When
    List<String> connectors = rest.connectors();

    // Then
    assertEquals(List.of("orders"), connectors);
  }

  @Test
  void conflictThatStaysIsNotRepeated() {
    // Given
    answers.add(new Answer(409, "Connector orders already exists"));

    // When
    RestFailure failure = assertThrows(RestFailure.class, () -> rest.create("{}"));

    // Then
    assertEquals(409, failure.status());
    assertTrue(failure.toString().contains("already exists"));
  }

  @Test
  void answerWithoutBodyIsNoFailure() {
    // Given
    answers.add(new Answer(204, ""));

    // When
    rest.delete("orders");

    // Then
    assertEquals(1, answers.size());
  }

  @Test
  void waitsUntilTheTasksRun() {
    // Given
    answers.add(new Answer(404, "No status found for connector orders"));
    answers.add(new Answer(200, FAILED));
    answers.add(new Answer(200, RUNNING));

    // When
    ConnectorStatus status = rest.awaitRunning("orders", 1, Duration.ofSeconds(10));

    // Then
    assertTrue(status.isRunning(1));
    assertEquals("one:8083", status.tasks().get(0).workerId());
  }

  @Test
  void taskThatStaysFailedEndsTheWaitWithItsTrace() {
    // Given
    answers.add(new Answer(200, FAILED));

    // When
    StackException failure =
        assertThrows(
            StackException.class, () -> rest.awaitRunning("orders", 1, Duration.ofSeconds(60)));

    // Then
    assertTrue(failure.toString().contains("no table"), failure.toString());
  }
}
