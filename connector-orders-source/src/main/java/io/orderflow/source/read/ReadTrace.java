package io.orderflow.source.read;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.trace.Tracing;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The span of one read of orders, with links to the orders' traces. A quick read that finds nothing
 * never ends its span, so that it is not exported: an idle database is polled several times a
 * second.
 */
final class ReadTrace {

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Span span;
  private final int traceparent;
  private final long began = System.nanoTime();

  private long orders;

  ReadTrace(Span span, int traceparent) {
    this.span = span;
    this.traceparent = traceparent;
  }

  /** A read from the database. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Adds the span's context to a statement as a comment, which PostgreSQL's log then contains. */
  String in(String sql) {
    return sql + Tracing.sqlComment(span);
  }

  /** Counts an order that was found. */
  void found() {
    orders++;
  }

  /** Links the trace of an order that was found, given its values in the columns' order. */
  void order(List<@Nullable Object> values) {
    Object value = span.isRecording() ? values.get(traceparent) : null;
    if (value != null) {
      SpanContext source = Tracing.context(value.toString());
      if (source.isSampled()) {
        span.addLink(source);
      }
    }
  }

  /** Runs the read within the span. */
  <T> T follow(Work<T> work) throws SQLException {
    try {
      T result = work.run();
      if (orders > 0 || System.nanoTime() - began > QUICK_NANOS) {
        end();
      }
      return result;
    } catch (SQLException e) {
      span.setAttribute("db.response.status_code", SqlFailures.sqlState(e).orElse("unknown"));
      throw failed(e);
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  private <E extends Exception> E failed(E failure) {
    span.setStatus(StatusCode.ERROR);
    end();
    return failure;
  }

  private void end() {
    span.setAttribute("orderflow.orders", orders);
    span.end();
  }

  /**
   * Creates a span for each read of orders, if orders carry a trace context and spans are exported.
   */
  static final class ReadTraces {

    private static final Tracing TRACING = Tracing.global("io.orderflow.source");

    private final String table;
    private final int traceparent;

    private ReadTraces(String table, int traceparent) {
      this.table = table;
      this.traceparent = traceparent;
    }

    /** Traces of reads from tables with this schema. */
    static ReadTraces of(OrderSchema schema, CapturedTables tables) {
      String column = tables.columns().traceparent();
      return new ReadTraces(
          tables.orders().table(),
          column == null ? -1 : schema.orders().indexOf(column).orElseThrow());
    }

    /**
     * Begins a span in a trace of its own, since the orders that the read finds are not known yet.
     */
    ReadTrace begin() {
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
}
