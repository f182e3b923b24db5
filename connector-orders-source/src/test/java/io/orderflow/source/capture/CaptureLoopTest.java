package io.orderflow.source.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.TaskName;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.metrics.SourceMetrics;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a failure of a capture leads to. */
class CaptureLoopTest {

  private static final String OUT_OF_MEMORY = "53200";

  private final SourceMetrics metrics =
      new SourceMetrics(
          TaskMetrics.open(
              new TaskName("orders-source", "loop", "0"),
              () -> {
                throw new NoClassDefFoundError("an older worker");
              }),
          InstantSource.system());

  /** A capture whose polls fail. */
  private static final class Failing implements Capture {

    private final Throwable failure;
    private int disconnected;

    Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public Polled poll() throws SQLException {
      if (failure instanceof SQLException e) {
        throw e;
      }
      throw (Error) failure;
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

  @AfterEach
  void close() {
    metrics.close();
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
      CaptureLoop loop = loop(new Failing(failure));

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
    Failing failing = new Failing(new SQLException("out of memory", OUT_OF_MEMORY));

    // When
    Object records = loop(failing).poll();

    // Then
    assertNull(records);
    assertEquals(1, failing.disconnected);
  }

  private CaptureLoop loop(Capture capture) {
    OrdersSourceConfig config =
        new OrdersSourceConfig(
            Map.of("database.url", "jdbc:postgresql://localhost/shop", "database.user", "app"));
    return new CaptureLoop(capture, config, metrics);
  }
}
