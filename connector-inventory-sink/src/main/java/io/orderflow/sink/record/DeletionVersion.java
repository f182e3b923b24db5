package io.orderflow.sink.record;

import io.orderflow.common.contract.OrderEvents;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** The version of a deletion. It is in a header, if there is one: a tombstone has no value. */
final class DeletionVersion {

  private static final String EXPECTED = "a version of 0 or more";

  private DeletionVersion() {}

  static long of(SinkRecord record, long withoutHeader) {
    Header header = record.headers().lastWithName(OrderEvents.VERSION_HEADER);
    return header == null ? withoutHeader : of(header, record);
  }

  private static long of(Header header, SinkRecord record) {
    try {
      long version = WholeNumber.of(header.value(), EXPECTED);
      if (version < 0) {
        throw new FieldError(EXPECTED, "a negative number", "Send versions that grow from 0.");
      }
      return version;
    } catch (FieldError error) {
      throw error.at(Coordinates.of(record), "header " + OrderEvents.VERSION_HEADER);
    }
  }
}
