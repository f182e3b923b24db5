package io.orderflow.common.trace;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What log lines are about, for layouts that show it (slf4j's MDC). Connect names connector and
 * task in {@code connector.context}, on its own threads.
 */
public final class LogContext implements AutoCloseable {

  /** Topic, partition and offset of a record, {@code orders-3@17}. */
  public static final String RECORD = "record";

  /** The ID of an order. */
  public static final String ORDER_ID = "order_id";

  /** 32 hexadecimal digits; the OpenTelemetry agent uses the same key. */
  public static final String TRACE_ID = "trace_id";

  private final Map<String, @Nullable String> before = new HashMap<>();

  /** Until it is closed, lines of this thread have what is added. */
  public static LogContext open() {
    return new LogContext();
  }

  /** Adds a field; none where there is no value. */
  public LogContext with(String field, @Nullable Object value) {
    if (value != null) {
      before.putIfAbsent(field, MDC.get(field));
      MDC.put(field, value.toString());
    }
    return this;
  }

  @Override
  public void close() {
    before.forEach(
        (field, value) -> {
          if (value == null) {
            MDC.remove(field);
          } else {
            MDC.put(field, value);
          }
        });
  }

  /** The work, on another thread, with what lines of this one have now: the connector and task. */
  public static Runnable inherited(Runnable work) {
    Map<String, String> fields = MDC.getCopyOfContextMap();
    return () -> {
      if (fields != null) {
        MDC.setContextMap(fields);
      }
      work.run();
    };
  }
}
