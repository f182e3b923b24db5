package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.orderflow.common.trace.Tracing;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordTracesTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String TRACEPARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  private final SdkTracerProvider provider = SdkTracerProvider.builder().build();
  private final RecordTraces traces = new RecordTraces(Tracing.of(telemetry(), "test"));

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void headerAsTextAndAsBytesContinueTheSameTrace() {
    for (Object header :
        new Object[] {TRACEPARENT, TRACEPARENT.getBytes(StandardCharsets.US_ASCII)}) {
      // Given
      SinkRecord record = record(header);

      // When
      Span span = traces.startSpan(record);

      // Then
      assertNotNull(span);
      assertEquals(TRACE, span.getSpanContext().getTraceId());
    }
  }

  @Test
  void recordWithoutAValidHeaderIsNotTraced() {
    // Then
    assertNull(traces.startSpan(record("none")));
    assertNull(traces.startSpan(record(null)));
  }

  private static SinkRecord record(@Nullable Object traceparent) {
    SinkRecord record = ParsedRecords.record(0, 7);
    record.headers().add("traceparent", traceparent, (Schema) null);
    return record;
  }

  private OpenTelemetry telemetry() {
    return new OpenTelemetry() {
      @Override
      public TracerProvider getTracerProvider() {
        return provider;
      }

      @Override
      public ContextPropagators getPropagators() {
        return ContextPropagators.noop();
      }
    };
  }
}
