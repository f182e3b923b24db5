package io.orderflow.sink.record;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** The place of a record in Kafka, even if a transformation has renamed its topic. */
public record Coordinates(String topic, int partition, long offset) {

  public static Coordinates of(SinkRecord record) {
    Integer partition = record.originalKafkaPartition();
    return new Coordinates(
        record.originalTopic(), partition == null ? -1 : partition, record.originalKafkaOffset());
  }

  public TopicPartition topicPartition() {
    return new TopicPartition(topic, partition);
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
