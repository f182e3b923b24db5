package io.orderflow.source.capture;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.value.UnreadableValueException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a capture: waits between polls, retries after transient failures with backoff, and maps all
 * other failures to exceptions that stop the task. One thread polls; any may call the rest.
 */
public final class CaptureLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CaptureLoop.class);

  private static final int MEGABYTE_SHIFT = 20;

  private final Capture capture;
  private final String operation;
  private final RetryTracker retries;
  private final Pause pause;

  /** Polls nothing yet. */
  public CaptureLoop(Capture capture, OrdersSourceConfig config, SourceMetrics metrics) {
    this.capture = capture;
    this.operation = "Capture of " + config.tables().orders();
    this.retries =
        new RetryTracker(
            log, operation, config.backoff(), InstantSource.system(), metrics.outages());
    this.pause = new Pause(config.capture().pollInterval());
  }

  /**
   * The next records; null if there are none yet, after a wait.
   *
   * @throws ConnectException if an operator has to fix the cause
   */
  public @Nullable List<SourceRecord> poll() {
    try {
      if (!pause.await()) {
        capture.pollSkipped();
        return null;
      }
      Capture.Polled polled = capture.poll();
      if (polled.pace() != Capture.Pace.PENDING) {
        retries.succeeded();
      }
      pause.set(polled.pace());
      return polled.records().isEmpty() ? null : polled.records();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (SQLException e) {
      retryLater(e);
      return null;
    } catch (UnusableTablesException e) {
      throw new ConnectException(e.key() + ": " + e.getMessage(), e);
    } catch (UnreadableValueException e) {
      throw new ConnectException(operation + ": " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(e);
    }
  }

  private void retryLater(SQLException failure) {
    if (pause.isEnded()) {
      log.debug("Stopped while reading", failure);
      return;
    }
    if (isOutOfMemory(failure)) {
      throw outOfMemory(failure);
    }
    if (SqlFailures.classify(failure) != FailureClass.TRANSIENT) {
      throw new ConnectException(
          "%s cannot continue: %s".formatted(operation, failure.getMessage()), failure);
    }
    capture.disconnect();
    capture.pollSkipped();
    pause.set(retries.failed(failure));
  }

  /** The driver wraps the error, under a state that the server has for its own lack of memory. */
  private static boolean isOutOfMemory(SQLException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  /** The same batch would be too large again. */
  private ConnectException outOfMemory(Throwable failure) {
    return new ConnectException(
        "%s cannot continue: the heap of the worker, %d MB, is too small for a batch of orders. Lower %s, or with capture=log also %s; if a single order is too large, raise the heap (KAFKA_HEAP_OPTS)"
            .formatted(
                operation,
                Runtime.getRuntime().maxMemory() >> MEGABYTE_SHIFT,
                CaptureSettings.BATCH_MAX_ORDERS,
                LogSettings.SNAPSHOT_CHUNK_SIZE),
        failure);
  }

  /** Kafka has this record, or a transformation has filtered it. */
  public void delivered(SourceRecord record) {
    capture.delivered(record);
  }

  /** Connect has committed the offsets of delivered records. */
  public void committed() {
    capture.committed();
  }

  /** Ends a wait at once, and a read soon. */
  @Override
  public void close() {
    pause.end();
    capture.stop();
    capture.close();
  }
}
