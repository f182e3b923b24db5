package io.orderflow.sink.apply;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.trace.Tracing;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * The span of one transaction. It begins a trace of its own and links to the spans of the records
 * in it. Each of those gets a child span for the commit, which links to the transaction's span.
 */
final class TransactionTrace {

  private final Tracing tracing;
  private final List<Span> records;
  private final Span span;
  private final Instant start = Instant.now();

  TransactionTrace(Tracing tracing, List<Span> records, Span span) {
    this.tracing = tracing;
    this.records = records;
    this.span = span;
  }

  /** The comment for the transaction's statements; empty if it is not traced. */
  String sqlComment() {
    return Tracing.sqlComment(span);
  }

  /** The transaction, up to its commit. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Runs the transaction. Spans that start on this thread in the meantime are its children. */
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
          .setStartTimestamp(start)
          .startSpan()
          .end(now);
      each.end(now);
    }
    span.end(now);
  }

  /** Ends the transaction's span. Those of the records continue, since the batch is repeated. */
  void failed(SQLException failure) {
    span.setAttribute("db.response.status_code", SqlFailures.sqlState(failure).orElse("none"));
    span.setStatus(StatusCode.ERROR);
    span.end();
  }

  /** Ends the spans of the records, which will never be applied. */
  void rejected() {
    for (Span each : records) {
      each.setStatus(StatusCode.ERROR, "rejected by the warehouse");
      each.end();
    }
  }
}
