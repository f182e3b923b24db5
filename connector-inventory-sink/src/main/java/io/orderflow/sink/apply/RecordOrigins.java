package io.orderflow.sink.apply;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.trace.Traceparent;
import io.orderflow.sink.record.Coordinates;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.Update;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** The record that each update of a batch comes from; computed only if an audit trail asks. */
final class RecordOrigins implements Function<Update, Origin> {

  private final List<ParsedRecord> batch;
  private final IdentityHashMap<Update, SinkRecord> records = new IdentityHashMap<>();

  RecordOrigins(List<ParsedRecord> batch) {
    this.batch = batch;
  }

  @Override
  public Origin apply(Update update) {
    if (records.isEmpty()) {
      batch.forEach(parsed -> parsed.updates().forEach(u -> records.put(u, parsed.record())));
    }
    SinkRecord record = records.get(deciding(update));
    if (record == null) {
      throw new IllegalStateException("The update is not part of this batch");
    }
    Coordinates at = Coordinates.of(record);
    Header traceparent = record.headers().lastWithName(OrderEvents.TRACEPARENT_HEADER);
    return new Origin(
        at.topic(),
        at.partition(),
        at.offset(),
        Traceparent.of(traceparent == null ? null : traceparent.value())
            .map(Traceparent::traceId)
            .orElse(null));
  }

  /** Of a kept order, the update that its effects are from. */
  private static Update deciding(Update update) {
    Update earlier = update instanceof Keep keep ? keep.earlier() : null;
    return earlier == null ? update : earlier;
  }
}
