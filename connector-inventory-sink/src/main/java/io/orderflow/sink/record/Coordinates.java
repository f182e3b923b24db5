package io.orderflow.sink.record;

import org.apache.kafka.connect.sink.SinkRecord;

/** Where a record stands in Kafka, whatever transformations have made of its topic since. */
public record Coordinates(String topic, int partition, long offset) {

  public static Coordinates of(SinkRecord record) {
    Integer partition = record.originalKafkaPartition();
    return new Coordinates(
        record.originalTopic(), partition == null ? -1 : partition, record.originalKafkaOffset());
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
