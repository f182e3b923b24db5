package io.orderflow.source.record;

import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that equals itself alone. An exactly-once task of Connect keeps what it has sent in a
 * map keyed by the records, and to hash one by its values means to go through the whole order,
 * which cost a sixth of the worker's time.
 */
final class OrderRecord extends SourceRecord {

  OrderRecord(
      Map<String, ?> partition,
      Map<String, ?> offset,
      String topic,
      Schema keySchema,
      Object key,
      @Nullable Schema valueSchema,
      @Nullable Object value,
      @Nullable Long timestamp,
      Headers headers) {
    super(partition, offset, topic, null, keySchema, key, valueSchema, value, timestamp, headers);
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
