package io.orderflow.source.read;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.orderflow.common.trace.Tracing;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The span of one reading of orders, linked with the orders' traces. A quick one that finds nothing
 * is never ended, and so not exported: an idle shop is polled several times a second.
 */
public final class ReadTrace {

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Span span;
  private final int traceparent;
  private final long began = System.nanoTime();

  private long orders;

  ReadTrace(Span span, int traceparent) {
    this.span = span;
    this.traceparent = traceparent;
  }

  /** What is read. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }

  /** The statement, so that PostgreSQL's log leads from it to here. */
  public String in(String sql) {
    return sql + Tracing.sqlComment(span);
  }

  /** A row of an order was found. */
  public void found() {
    orders++;
  }

  /** The values of an order that was found, in the columns' order. */
  public void order(List<@Nullable Object> values) {
    Object value = span.isRecording() ? values.get(traceparent) : null;
    if (value != null) {
      SpanContext shop = Tracing.context(value.toString());
      if (shop.isSampled()) {
        span.addLink(shop);
      }
    }
  }

  /** Reads. */
  public <T> T follow(Work<T> work) throws SQLException {
    try {
      T result = work.run();
      if (orders > 0 || System.nanoTime() - began > QUICK_NANOS) {
        end();
      }
      return result;
    } catch (SQLException e) {
      span.setAttribute("db.response.status_code", String.valueOf(e.getSQLState()));
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
}
