package io.orderflow.source.record;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.TableName;
import io.orderflow.common.trace.LogContext;
import io.orderflow.common.trace.Traceparent;
import io.orderflow.common.trace.Tracing;
import io.orderflow.source.config.ColumnSettings;
import io.orderflow.source.event.OrderEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds an order's trace context to its event as a header. If spans are exported, the header has the
 * context of the span that sends the event; its parent is the span of the capture, and that one's
 * parent is the application's own span. One thread.
 */
final class TraceHeader {

  private static final Logger log = LoggerFactory.getLogger(TraceHeader.class);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

  private final TableName orders;
  private final String topic;
  private final Tracing tracing;
  private final InstantSource clock;

  private Instant nextWarning = Instant.MIN;

  TraceHeader(TableName orders, String topic, Tracing tracing, InstantSource clock) {
    this.orders = orders;
    this.topic = topic;
    this.tracing = tracing;
    this.clock = clock;
  }

  /**
   * Adds the header, unless the value is null or is not a valid W3C traceparent.
   *
   * @return the span that ends once the event is sent; null if spans are not exported
   */
  @Nullable Span add(OrderEvent event, @Nullable Object value, Headers headers) {
    if (value == null) {
      return null;
    }
    String text = value.toString();
    if (Traceparent.of(text).isEmpty()) {
      warn(event);
      return null;
    }
    if (!tracing.isOn()) {
      headers.addString(OrderEvents.TRACEPARENT_HEADER, text);
      return null;
    }
    Span sending = sending(captured(event, text));
    headers.addString(OrderEvents.TRACEPARENT_HEADER, Tracing.traceparent(sending));
    return sending;
  }

  /** Creates the span from the commit, if its time is known, until now. */
  private Span captured(OrderEvent event, String traceparent) {
    SpanBuilder span =
        tracing
            .below(traceparent, "capture " + orders.table(), SpanKind.INTERNAL)
            .setAttribute("orderflow.order.id", event.id().toString())
            .setAttribute("orderflow.order.version", event.version())
            .setAttribute("orderflow.kind", event.kind().label());
    Long committedAt = event.committedAt();
    if (committedAt != null) {
      span.setStartTimestamp(committedAt, TimeUnit.MILLISECONDS);
    }
    Span captured = span.startSpan();
    captured.end();
    return captured;
  }

  private Span sending(Span captured) {
    return tracing
        .below(captured, "send " + topic, SpanKind.PRODUCER)
        .setAttribute("messaging.system", "kafka")
        .setAttribute("messaging.operation.type", "send")
        .setAttribute("messaging.destination.name", topic)
        .startSpan();
  }

  private void warn(OrderEvent event) {
    Instant now = clock.instant();
    if (now.isBefore(nextWarning)) {
      return;
    }
    nextWarning = now.plus(WARNING_INTERVAL);
    LogContext line = LogContext.open().with(LogContext.ORDER_ID, event.id());
    try {
      log.warn(
          "{}: order {} of {} has no valid W3C traceparent (00-<32 hex>-<16 hex>-<2 hex>), so its events"
              + " have no trace header; logged at most once a minute",
          ColumnSettings.TRACEPARENT,
          event.id(),
          orders);
    } finally {
      line.close();
    }
  }
}
