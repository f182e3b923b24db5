package io.orderflow.common.trace;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Adds the subject of log lines to SLF4J's MDC, for layouts that print it. Connect itself adds the
 * connector and task as {@code connector.context}, on its own threads.
 */
public final class LogContext implements AutoCloseable {

  /** Topic, partition and offset of a record, {@code orders-3@17}. */
  public static final String RECORD = "record";

  /** The ID of an order. */
  public static final String ORDER_ID = "order_id";

  /** 32 hexadecimal digits; the OpenTelemetry agent uses the same key. */
  public static final String TRACE_ID = "trace_id";

  private final Map<String, @Nullable String> before = new HashMap<>();

  /** Opens a context: until it is closed, log lines of this thread have the added fields. */
  public static LogContext open() {
    return new LogContext();
  }

  /** Adds a field, unless the value is null. */
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

  /** Wraps work for another thread, with this thread's fields, such as the connector and task. */
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
