package io.orderflow.source.record;

import io.orderflow.source.offset.SourceOffset;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Records that carry a position to Connect, which stores none without a record, and tell nothing.
 */
public record HeartbeatRecords(String topic) {

  /** A record without key and value. */
  public SourceRecord of(Map<String, Object> partition, SourceOffset position) {
    return new SourceRecord(partition, position.toMap(), topic, null, null, null, null);
  }
}
