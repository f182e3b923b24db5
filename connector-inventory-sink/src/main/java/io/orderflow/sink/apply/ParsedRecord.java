package io.orderflow.sink.apply;

import io.opentelemetry.api.trace.Span;
import io.orderflow.sink.record.Coordinates;
import io.orderflow.sink.update.Update;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record and what it asks of the warehouse.
 *
 * @param updates none where it asks nothing; else all of one order
 * @param bytes what the record takes in memory, estimated
 * @param span that ends when the record is dealt with; null where it is not traced
 */
record ParsedRecord(SinkRecord record, List<Update> updates, long bytes, @Nullable Span span) {

  /** Keeps the offset of the record where its partition has none, or a later one. */
  static void keepEarliest(SinkRecord record, Map<TopicPartition, Long> offsets) {
    offsets.merge(partition(record), record.originalKafkaOffset(), Math::min);
  }

  /** As in Kafka, whatever transformations have made of the topic. */
  static TopicPartition partition(SinkRecord record) {
    Coordinates at = Coordinates.of(record);
    return new TopicPartition(at.topic(), at.partition());
  }
}
