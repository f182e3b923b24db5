package io.orderflow.source.record;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.TableName;
import io.orderflow.source.event.Traceparent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.connect.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts an order's trace context into a header of its event. One thread. */
final class TraceHeader {

  private static final Logger log = LoggerFactory.getLogger(TraceHeader.class);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final TableName orders;
  private final InstantSource clock;

  private Instant nextWarning = Instant.MIN;

  TraceHeader(TableName orders, InstantSource clock) {
    this.orders = orders;
    this.clock = clock;
  }

  /** Nothing where there is no value, or none of the form that W3C asks for. */
  void add(Object orderId, @Nullable Object value, Headers headers) {
    if (value == null) {
      return;
    }
    String text = value.toString();
    if (Traceparent.isValid(text)) {
      headers.addString(OrderEvents.TRACEPARENT_HEADER, text);
      return;
    }
    Instant now = clock.instant();
    if (now.isAfter(nextWarning)) {
      nextWarning = now.plus(BETWEEN_WARNINGS);
      log.warn(
          "traceparent.column: expected a W3C traceparent, 00-<32 hex>-<16 hex>-<2 hex>, in order {} of {}, found"
              + " something else; such events have no trace header. This is said once a minute at most.",
          orderId,
          orders);
    }
  }
}
