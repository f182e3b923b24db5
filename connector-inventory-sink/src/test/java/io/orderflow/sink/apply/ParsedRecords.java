package io.orderflow.sink.apply;

import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.Update;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records of a topic {@code t}, as a lane gets them. */
final class ParsedRecords {

  private ParsedRecords() {}

  /** Of partition 0. */
  static ParsedRecord at(long offset, long bytes) {
    return new ParsedRecord(record(0, offset), List.of(), bytes, null);
  }

  static ParsedRecord of(int partition, long offset, long bytes) {
    return new ParsedRecord(record(partition, offset), List.of(), bytes, null);
  }

  static ParsedRecord asking(int partition, Update... updates) {
    return new ParsedRecord(record(partition, 0), Arrays.asList(updates), 1, null);
  }

  static SinkRecord record(int partition, long offset) {
    return new SinkRecord("t", partition, null, null, null, null, offset);
  }

  static BadRecord bad(int partition, long offset) {
    return new BadRecord(record(partition, offset), new DataException("bad"));
  }

  static TopicPartition partition(int number) {
    return new TopicPartition("t", number);
  }

  static PaymentUpdate payment(Object orderId, long version) {
    return new PaymentUpdate(orderId, version, "PAID", null, null, null, null);
  }

  static List<Long> offsets(List<ParsedRecord> readings) {
    return readings.stream().map(reading -> reading.record().kafkaOffset()).toList();
  }

  /** By number of partition. */
  static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
    return offsets.entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().partition(), Map.Entry::getValue));
  }
}
