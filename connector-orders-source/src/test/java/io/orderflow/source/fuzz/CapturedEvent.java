package io.orderflow.source.fuzz;

import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event that a capture has emitted.
 *
 * @param id the order ID as text
 * @param kind snapshot, change or delete
 * @param version null if it has none, which only a deletion may lack
 * @param value null if the order is deleted
 * @param seen the index of the last commit that the capture can have seen
 * @param phase which of the captures since the last begin has emitted it, from 0
 */
record CapturedEvent(
    String id, String kind, @Nullable Long version, @Nullable Struct value, int seen, int phase) {

  static CapturedEvent of(SourceRecord record, int seen, int phase) {
    Header version = record.headers().lastWithName("orderflow.version");
    return new CapturedEvent(
        id(record.key()),
        (String) record.headers().lastWithName("orderflow.kind").value(),
        version == null ? null : (Long) version.value(),
        (Struct) record.value(),
        seen,
        phase);
  }

  /** The columns of an order ID in the form that {@code composite.id.format=text} has. */
  private static String id(Object key) {
    return key instanceof Struct struct
        ? struct.schema().fields().stream()
            .map(field -> escaped(struct.get(field).toString()))
            .collect(Collectors.joining(":"))
        : key.toString();
  }

  static String escaped(String column) {
    return column.replace("\\", "\\\\").replace(":", "\\:");
  }

  boolean isDeletion() {
    return value == null;
  }

  boolean isSnapshot() {
    return kind.equals("snapshot");
  }

  @Override
  public String toString() {
    return kind + " " + id + " @" + version + " seen " + seen + " " + value;
  }
}
