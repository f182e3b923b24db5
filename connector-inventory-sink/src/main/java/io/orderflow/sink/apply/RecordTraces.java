package io.orderflow.sink.apply;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.trace.Traceparent;
import io.orderflow.common.trace.Tracing;
import io.orderflow.sink.record.Coordinates;
import java.util.List;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Creates the spans of records with a trace context, and of the transactions that apply them. */
final class RecordTraces {

  private final Tracing tracing;

  RecordTraces(Tracing tracing) {
    this.tracing = tracing;
  }

  /** Starts a span that ends when the record is finished; null for a record without a trace. */
  @Nullable Span startSpan(SinkRecord record) {
    Header header =
        tracing.isOn() ? record.headers().lastWithName(OrderEvents.TRACEPARENT_HEADER) : null;
    return header == null
        ? null
        : Traceparent.of(header.value()).map(parent -> startSpan(record, parent)).orElse(null);
  }

  private Span startSpan(SinkRecord record, Traceparent parent) {
    Coordinates at = Coordinates.of(record);
    return tracing
        .below(parent.text(), "process " + at.topic(), SpanKind.CONSUMER)
        .setAttribute("messaging.system", "kafka")
        .setAttribute("messaging.operation.type", "process")
        .setAttribute("messaging.destination.name", at.topic())
        .setAttribute("messaging.destination.partition.id", Integer.toString(at.partition()))
        .setAttribute("messaging.kafka.offset", at.offset())
        .startSpan();
  }

  /** Begins the trace of a transaction that applies a batch. */
  TransactionTrace transaction(List<ParsedRecord> batch) {
    List<Span> traced =
        tracing.isOn()
            ? batch.stream().map(ParsedRecord::span).filter(RecordTraces::isTraced).toList()
            : List.of();
    if (traced.isEmpty()) {
      return new TransactionTrace(tracing, traced, Span.getInvalid());
    }
    SpanBuilder span =
        tracing
            .root("apply batch", SpanKind.CLIENT)
            .setAttribute("db.system.name", "postgresql")
            .setAttribute(AttributeKey.longKey("messaging.batch.message_count"), batch.size());
    traced.forEach(each -> span.addLink(each.getSpanContext()));
    return new TransactionTrace(tracing, traced, span.startSpan());
  }

  private static boolean isTraced(@Nullable Span span) {
    return span != null && span.getSpanContext().isSampled();
  }
}
