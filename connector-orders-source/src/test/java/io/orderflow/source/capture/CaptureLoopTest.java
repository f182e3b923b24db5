package io.orderflow.source.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.metrics.PluginMetricsAdapter;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.TaskName;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.metrics.SourceMetrics;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a failure of a capture leads to. */
class CaptureLoopTest {

  private static final String OUT_OF_MEMORY = "53200";

  private final Metrics worker = new Metrics();
  private final SourceMetrics metrics =
      new SourceMetrics(
          TaskMetrics.open(
              new TaskName("orders-source", "loop", "0"),
              () ->
                  new PluginMetricsAdapter(
                      new PluginMetricsImpl(worker, Map.of()), "orders-source")),
          InstantSource.system());

  /** A poll of the fake. */
  @FunctionalInterface
  private interface Poll {
    Capture.Polled poll() throws SQLException;
  }

  /** A capture with given polls. */
  private static final class FakeCapture implements Capture {

    private final Deque<Poll> polls;
    private int disconnected;

    FakeCapture(List<Poll> polls) {
      this.polls = new ArrayDeque<>(polls);
    }

    @Override
    public Polled poll() throws SQLException {
      return polls.remove().poll();
    }

    @Override
    public void disconnect() {
      disconnected++;
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
  }

  private static FakeCapture failing(Throwable failure) {
    return new FakeCapture(
        List.of(
            () -> {
              if (failure instanceof SQLException e) {
                throw e;
              }
              throw (Error) failure;
            }));
  }

  @AfterEach
  void close() {
    metrics.close();
    worker.close();
  }

  @Test
  void heapThatIsTooSmallStopsTheTaskWithTheFix() {
    for (Throwable failure :
        new Throwable[] {
          new OutOfMemoryError("Java heap space"),
          // As the driver reports it.
          new SQLException(
              "Ran out of memory retrieving query results.",
              OUT_OF_MEMORY,
              new OutOfMemoryError("Java heap space"))
        }) {
      // Given
      CaptureLoop loop = loop(failing(failure));

      // When
      ConnectException stopped =
          assertThrows(ConnectException.class, () -> assertNull(loop.poll()));

      // Then
      assertTrue(String.valueOf(stopped.getMessage()).contains("batch.max.orders"));
      assertSame(failure, stopped.getCause());
    }
  }

  @Test
  void serverThatLacksMemoryIsTriedAgain() {
    // Given
    FakeCapture failing = failing(new SQLException("out of memory", OUT_OF_MEMORY));

    // When
    Object records = loop(failing).poll();

    // Then
    assertNull(records);
    assertEquals(1, failing.disconnected);
  }

  @Test
  void outageLastsUntilAPollIsMoreThanPending() {
    // Given
    Capture recovering =
        new FakeCapture(
            List.of(
                () -> {
                  throw new SQLException("refused", "08001");
                },
                Capture.Polled::pending,
                () -> new Capture.Polled(List.of(), Capture.Pace.AT_ONCE)));
    CaptureLoop loop = loop(recovering);
    List<Double> ongoing = new ArrayList<>();

    // When
    for (int i = 0; i < 3; i++) {
      assertNull(loop.poll());
      ongoing.add(ongoingOutages());
    }

    // Then
    assertEquals(List.of(1.0, 1.0, 0.0), ongoing);
  }

  private double ongoingOutages() {
    return worker.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("outages-ongoing"))
        .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
        .sum();
  }

  private CaptureLoop loop(Capture capture) {
    OrdersSourceConfig config =
        new OrdersSourceConfig(
            Map.of(
                "database.url", "jdbc:postgresql://localhost/shop",
                "database.user", "app",
                "retry.backoff.initial.ms", "1"));
    return new CaptureLoop(capture, config, metrics);
  }
}
