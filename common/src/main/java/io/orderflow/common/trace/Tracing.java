package io.orderflow.common.trace;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.orderflow.common.build.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Creates spans whose parent is a W3C {@code traceparent}. They go to the implementation registered
 * with OpenTelemetry's API, as a rule the OpenTelemetry Java agent; without one, tracing is off and
 * no span is created. Thread-safe.
 */
public final class Tracing {

  /** The W3C header. */
  private static final String TRACEPARENT = "traceparent";

  private static final TextMapGetter<String> ITSELF =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
          return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String key) {
          return TRACEPARENT.equals(key) ? traceparent : null;
        }
      };

  private final Tracer tracer;
  private final boolean on;

  private Tracing(Tracer tracer) {
    this.tracer = tracer;
    this.on = tracer.getClass() != OpenTelemetry.noop().getTracer("").getClass();
  }

  /**
   * Uses the implementation that the process has registered.
   *
   * @param scope the instrumentation scope, such as {@code io.orderflow.source}
   */
  public static Tracing global(String scope) {
    return of(GlobalOpenTelemetry.get(), scope);
  }

  /** Uses the given implementation. */
  public static Tracing of(OpenTelemetry telemetry, String scope) {
    return new Tracing(telemetry.getTracer(scope, Version.current()));
  }

  /** Whether spans are recorded. */
  public boolean isOn() {
    return on;
  }

  /**
   * Creates a child of the given span, or a root span if the text is not a {@code traceparent}.
   *
   * @param traceparent the value of an order event's header
   */
  public SpanBuilder below(String traceparent, String name, SpanKind kind) {
    return tracer.spanBuilder(name).setParent(parent(traceparent)).setSpanKind(kind);
  }

  /** Creates a child of a span. */
  public SpanBuilder below(Span parent, String name, SpanKind kind) {
    return tracer.spanBuilder(name).setParent(Context.root().with(parent)).setSpanKind(kind);
  }

  /** Creates a span that begins a trace. */
  public SpanBuilder root(String name, SpanKind kind) {
    return tracer.spanBuilder(name).setNoParent().setSpanKind(kind);
  }

  /** The {@code traceparent} for children of the span. */
  public static String traceparent(Span span) {
    Map<String, String> fields = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(Context.root().with(span), fields, (map, key, value) -> fields.put(key, value));
    return Objects.requireNonNull(fields.get(TRACEPARENT), "the span has no context");
  }

  /**
   * A comment to append to SQL, so that PostgreSQL's log leads to the span; empty if the span is
   * not recorded. The server plans such statements each time, since no two have the same text.
   */
  public static String sqlComment(Span span) {
    return span.getSpanContext().isSampled() ? " /*traceparent='" + traceparent(span) + "'*/" : "";
  }

  /** The trace ID in a {@code traceparent}: 32 hexadecimal digits; null if it is invalid. */
  public static @Nullable String traceId(String traceparent) {
    SpanContext context = context(traceparent);
    return context.isValid() ? context.getTraceId() : null;
  }

  /** The context in a {@code traceparent}; invalid if the text is not one. */
  public static SpanContext context(String traceparent) {
    return Span.fromContext(parent(traceparent)).getSpanContext();
  }

  private static Context parent(String traceparent) {
    return W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ITSELF);
  }
}
