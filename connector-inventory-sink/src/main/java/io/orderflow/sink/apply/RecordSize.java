package io.orderflow.sink.apply;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the size of a record in memory, well enough to distinguish a megabyte from a kilobyte.
 * Connect does not pass on how many bytes it has read.
 */
final class RecordSize {

  /** Bytes of the record itself, and of the consumed record that Connect keeps with it. */
  private static final long RECORD = 300;

  /** Bytes of any object, with the reference to it. */
  private static final long OBJECT = 32;

  /** Bytes of an entry of a map, beside its key and value. */
  private static final long ENTRY = 50;

  private RecordSize() {}

  static long estimate(SinkRecord record) {
    long size = RECORD + estimate(record.key()) + estimate(record.value());
    for (Header header : record.headers()) {
      size += OBJECT + estimate(header.key()) + estimate(header.value());
    }
    return size;
  }

  private static long estimate(@Nullable Object content) {
    if (content instanceof String text) {
      return OBJECT + 2L * text.length();
    }
    if (content instanceof Number) {
      return OBJECT;
    }
    if (content instanceof Map<?, ?> map) {
      long size = OBJECT;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        size += ENTRY + estimate(entry.getKey()) + estimate(entry.getValue());
      }
      return size;
    }
    if (content instanceof Struct struct) {
      long size = OBJECT;
      for (Field field : struct.schema().fields()) {
        size += estimate(struct.getWithoutDefault(field.name()));
      }
      return size;
    }
    if (content instanceof List<?> list) {
      long size = OBJECT;
      for (Object element : list) {
        size += estimate(element);
      }
      return size;
    }
    if (content instanceof ByteBuffer buffer) {
      return OBJECT + buffer.capacity();
    }
    return content instanceof byte[] bytes ? OBJECT + bytes.length : OBJECT;
  }
}
