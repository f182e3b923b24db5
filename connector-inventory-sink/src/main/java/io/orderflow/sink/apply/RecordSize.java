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
 * What a record takes in memory, estimated: enough to tell a record of a megabyte from one of a
 * kilobyte, for Connect does not hand on how many bytes it has read.
 */
final class RecordSize {

  /** Of the record itself, and of the bytes as consumed, which Connect keeps with it. */
  private static final long RECORD = 300;

  /** Of any object, with the reference to it. */
  private static final long OBJECT = 32;

  /** Of an entry of a map, beside its key and value. */
  private static final long ENTRY = 50;

  private RecordSize() {}

  static long of(SinkRecord record) {
    long size = RECORD + of(record.key()) + of(record.value());
    for (Header header : record.headers()) {
      size += OBJECT + of(header.key()) + of(header.value());
    }
    return size;
  }

  private static long of(@Nullable Object content) {
    if (content instanceof String text) {
      return OBJECT + 2L * text.length();
    }
    if (content instanceof Number) {
      return OBJECT;
    }
    if (content instanceof Map<?, ?> map) {
      long size = OBJECT;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        size += ENTRY + of(entry.getKey()) + of(entry.getValue());
      }
      return size;
    }
    if (content instanceof Struct struct) {
      long size = OBJECT;
      for (Field field : struct.schema().fields()) {
        size += of(struct.getWithoutDefault(field.name()));
      }
      return size;
    }
    if (content instanceof List<?> list) {
      long size = OBJECT;
      for (Object element : list) {
        size += of(element);
      }
      return size;
    }
    if (content instanceof ByteBuffer buffer) {
      return OBJECT + buffer.capacity();
    }
    return content instanceof byte[] bytes ? OBJECT + bytes.length : OBJECT;
  }
}
