package io.orderflow.sink.record;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.sink.update.Deletion;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** Reads tombstones of orders, whose version can only be in a header. */
final class Tombstones {

  private Tombstones() {}

  static Deletion read(Object orderId, SinkRecord record) {
    Header header = record.headers().lastWithName(OrderEvents.VERSION_HEADER);
    return new Deletion(orderId, header == null ? Deletion.FINAL : version(header, record));
  }

  private static long version(Header header, SinkRecord record) {
    String expected = "a version of 0 or more";
    try {
      long version = WholeNumber.of(header.value(), expected);
      if (version < 0) {
        throw new FieldError(expected, "a negative number", "Let versions grow from 0.");
      }
      return version;
    } catch (FieldError mismatch) {
      throw mismatch.at(Coordinates.of(record), "header " + OrderEvents.VERSION_HEADER);
    }
  }
}
