package io.orderflow.sink.apply;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.trace.Traceparent;
import io.orderflow.sink.record.Coordinates;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.StockUpdate;
import io.orderflow.sink.update.Update;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The record that each update of a batch comes from; computed only if an audit trail asks. Updates
 * are found by what identifies them, since those that supersede others are copies. Of equal
 * versions the first counts, as in {@link io.orderflow.sink.update.LatestVersions}.
 */
final class RecordOrigins implements Function<Update, Origin> {

  private final List<ParsedRecord> batch;
  private final Map<Identity, SinkRecord> records = new HashMap<>();

  /** Identifies an update: each kind has versions of its own. */
  private record Identity(Class<?> kind, Object key, long version) {

    static Identity of(Update update) {
      Class<?> kind = update instanceof StockUpdate ? StockUpdate.class : update.getClass();
      return new Identity(kind, update.key(), update.version());
    }
  }

  RecordOrigins(List<ParsedRecord> batch) {
    this.batch = batch;
  }

  @Override
  public Origin apply(Update update) {
    if (records.isEmpty()) {
      batch.forEach(
          parsed ->
              parsed.updates().forEach(u -> records.putIfAbsent(Identity.of(u), parsed.record())));
    }
    SinkRecord record = records.get(Identity.of(deciding(update)));
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
