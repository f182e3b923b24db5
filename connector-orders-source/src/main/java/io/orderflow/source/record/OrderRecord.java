package io.orderflow.source.record;

import io.opentelemetry.api.trace.Span;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that equals only itself. Connect's exactly-once tasks keep sent records as keys of a
 * map; a hash of their values, of all fields of the order, cost a sixth of the worker's time.
 *
 * <p>It also has the span that ends once Kafka has the record; null if its order is not traced.
 */
final class OrderRecord extends SourceRecord {

  private final @Nullable Span sending;

  OrderRecord(
      Map<String, ?> partition,
      Map<String, ?> offset,
      String topic,
      Schema keySchema,
      Object key,
      @Nullable Schema valueSchema,
      @Nullable Object value,
      long timestamp,
      Headers headers,
      @Nullable Span sending) {
    super(partition, offset, topic, null, keySchema, key, valueSchema, value, timestamp, headers);
    this.sending = sending;
  }

  /** Ends the span, since Kafka has the record. */
  void sent() {
    if (sending != null) {
      sending.end();
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
