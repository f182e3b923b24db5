package io.orderflow.source.read;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.orderflow.common.trace.Tracing;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;

/**
 * Makes a span of each reading of orders, if orders carry a trace context and somebody collects
 * spans.
 */
public final class ReadTraces {

  private static final Tracing TRACING = Tracing.global("io.orderflow.source");

  private final String table;
  private final int traceparent;

  private ReadTraces(String table, int traceparent) {
    this.table = table;
    this.traceparent = traceparent;
  }

  /** Of tables with this layout. */
  public static ReadTraces of(OrderSchema layout, CapturedTables tables) {
    String column = tables.columns().traceparent();
    return new ReadTraces(
        tables.orders().table(),
        column == null ? -1 : layout.orders().indexOf(column).orElseThrow());
  }

  /**
   * A reading begins. Whose orders it will find is not known yet, so it begins a trace of its own.
   */
  public ReadTrace begin() {
    if (traceparent < 0 || !TRACING.isOn()) {
      return new ReadTrace(Span.getInvalid(), traceparent);
    }
    return new ReadTrace(
        TRACING
            .root("read " + table, SpanKind.CLIENT)
            .setAttribute("db.system.name", "postgresql")
            .setAttribute("db.collection.name", table)
            .startSpan(),
        traceparent);
  }
}
