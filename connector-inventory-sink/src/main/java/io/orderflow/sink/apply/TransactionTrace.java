package io.orderflow.sink.apply;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.orderflow.common.trace.Tracing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * The span of one transaction: a trace of its own, linked with the spans of the records in it; each
 * of those gets a span of the commit below it, linked with this one.
 */
final class TransactionTrace {

  private final Tracing tracing;
  private final List<Span> records;
  private final Span span;
  private final Instant begun = Instant.now();

  TransactionTrace(Tracing tracing, List<Span> records, Span span) {
    this.tracing = tracing;
    this.records = records;
    this.span = span;
  }

  /** What the transaction's statements carry; empty where it is not traced. */
  String sqlComment() {
    return Tracing.sqlComment(span);
  }

  /** What the transaction does, up to its commit. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Runs the transaction. Spans that others make on this thread meanwhile are below its own. */
  @SuppressWarnings("try")
  <T> T follow(Work<T> work) throws SQLException {
    T result;
    try (Scope untilCommitted = span.makeCurrent()) {
      result = work.run();
    }
    committed();
    return result;
  }

  private void committed() {
    Instant now = Instant.now();
    for (Span each : records) {
      tracing
          .below(each, "commit", SpanKind.CLIENT)
          .setAttribute("db.system.name", "postgresql")
          .addLink(span.getSpanContext())
          .setStartTimestamp(begun)
          .startSpan()
          .end(now);
      each.end(now);
    }
    span.end(now);
  }

  /** The records' spans go on, since they are tried again, unless they are refused. */
  void failed(SQLException failure) {
    span.setAttribute("db.response.status_code", String.valueOf(failure.getSQLState()));
    span.setStatus(StatusCode.ERROR);
    span.end();
  }

  /** The one record of the transaction will never be applied. */
  void refused() {
    for (Span each : records) {
      each.setStatus(StatusCode.ERROR, "refused by the warehouse");
      each.end();
    }
  }
}
