package io.orderflow.source;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** Short texts of events, to compare them with. */
final class EventTexts {

  private EventTexts() {}

  static Set<String> of(List<SourceRecord> records) {
    return records.stream().map(EventTexts::text).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The key, the status and the items' SKUs. */
  private static String text(SourceRecord record) {
    if (!(record.value() instanceof Struct order)) {
      return record.key() + " deleted";
    }
    return Stream.concat(
            Stream.of(String.valueOf(record.key()), order.getString("status")),
            order.<Struct>getArray("items").stream().map(item -> item.getString("sku")))
        .collect(Collectors.joining(" "));
  }
}
