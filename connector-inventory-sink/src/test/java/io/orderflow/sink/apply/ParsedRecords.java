package io.orderflow.sink.apply;

import io.orderflow.common.failure.RejectionCause;
import io.orderflow.sink.deadletter.BadRecord;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.update.Update;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records of a topic {@code t}, as a worker receives them. */
final class ParsedRecords {

  private ParsedRecords() {}

  /** A record of partition 0. */
  static ParsedRecord at(long offset, long bytes) {
    return of(0, offset, bytes);
  }

  static ParsedRecord of(int partition, long offset, long bytes) {
    return new ParsedRecord(record(partition, offset), List.of(), bytes, null);
  }

  static ParsedRecord with(int partition, Update... updates) {
    return new ParsedRecord(record(partition, 0), Arrays.asList(updates), 1, null);
  }

  static SinkRecord record(int partition, long offset) {
    return new SinkRecord("t", partition, null, null, null, null, offset);
  }

  static BadRecord bad(int partition, long offset) {
    return new BadRecord(record(partition, offset), RejectionCause.VALUE, new DataException("bad"));
  }

  static TopicPartition partition(int number) {
    return new TopicPartition("t", number);
  }

  static PaymentUpdate payment(Object orderId, long version) {
    return new PaymentUpdate(orderId, version, "PAID", null, null, null, null);
  }

  static List<Long> offsets(List<ParsedRecord> records) {
    return records.stream().map(parsed -> parsed.record().kafkaOffset()).toList();
  }
}
