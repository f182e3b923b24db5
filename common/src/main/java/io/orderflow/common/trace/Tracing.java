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
 * Makes spans whose parent is a W3C {@code traceparent}. They go to whoever has registered with
 * OpenTelemetry's API, the OpenTelemetry Java agent as a rule; where there is nobody, tracing is
 * off, and nothing is made. Safe for use by many threads.
 */
public final class Tracing {

  /** As the W3C names it. */
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
   * What the process has registered.
   *
   * @param scope the instrumentation scope, such as {@code io.orderflow.source}
   */
  public static Tracing global(String scope) {
    return of(GlobalOpenTelemetry.get(), scope);
  }

  /** What is given, instead of what the process has registered. */
  public static Tracing of(OpenTelemetry telemetry, String scope) {
    return new Tracing(telemetry.getTracer(scope, Version.current()));
  }

  /** Whether spans go anywhere. */
  public boolean isOn() {
    return on;
  }

  /**
   * A span below the given one; a root where the text is no {@code traceparent}.
   *
   * @param traceparent as the header of an order event has it
   */
  public SpanBuilder below(String traceparent, String name, SpanKind kind) {
    return tracer.spanBuilder(name).setParent(parent(traceparent)).setSpanKind(kind);
  }

  /** A span below another one. */
  public SpanBuilder below(Span parent, String name, SpanKind kind) {
    return tracer.spanBuilder(name).setParent(Context.root().with(parent)).setSpanKind(kind);
  }

  /** A span that begins a trace. */
  public SpanBuilder root(String name, SpanKind kind) {
    return tracer.spanBuilder(name).setNoParent().setSpanKind(kind);
  }

  /** The {@code traceparent} of what goes on below the span. */
  public static String traceparent(Span span) {
    Map<String, String> fields = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(Context.root().with(span), fields, (map, key, value) -> fields.put(key, value));
    return Objects.requireNonNull(fields.get(TRACEPARENT), "the span has no context");
  }

  /**
   * What SQL ends with, so that PostgreSQL's log leads to the span; empty where nobody records it.
   * The server plans such a statement anew each time, since no two have the same text.
   */
  public static String sqlComment(Span span) {
    return span.getSpanContext().isSampled() ? " /*traceparent='" + traceparent(span) + "'*/" : "";
  }

  /** The trace ID in a {@code traceparent}: 32 hexadecimal digits; null where it is none. */
  public static @Nullable String traceId(String traceparent) {
    SpanContext context = context(traceparent);
    return context.isValid() ? context.getTraceId() : null;
  }

  /** What a {@code traceparent} says; not valid where it is none. */
  public static SpanContext context(String traceparent) {
    return Span.fromContext(parent(traceparent)).getSpanContext();
  }

  private static Context parent(String traceparent) {
    return W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ITSELF);
  }
}
