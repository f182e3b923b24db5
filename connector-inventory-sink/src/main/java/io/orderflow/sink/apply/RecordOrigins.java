package io.orderflow.sink.apply;

import io.orderflow.sink.record.Coordinates;
import io.orderflow.sink.update.Origin;
import io.orderflow.sink.update.Update;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Which record of a batch each update is from. Costs nothing as long as nobody asks. */
final class RecordOrigins implements Function<Update, Origin> {

  private static final String TRACE_PARENT = "traceparent";
  private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-.*");

  private final List<ParsedRecord> batch;
  private final IdentityHashMap<Update, SinkRecord> records = new IdentityHashMap<>();

  RecordOrigins(List<ParsedRecord> batch) {
    this.batch = batch;
  }

  @Override
  public Origin apply(Update update) {
    if (records.isEmpty()) {
      batch.forEach(reading -> reading.updates().forEach(u -> records.put(u, reading.record())));
    }
    SinkRecord record = records.get(update);
    if (record == null) {
      throw new IllegalStateException("An update that is not of this batch");
    }
    Coordinates at = Coordinates.of(record);
    return new Origin(at.topic(), at.partition(), at.offset(), traceId(record));
  }

  private static @Nullable String traceId(SinkRecord record) {
    Header header = record.headers().lastWithName(TRACE_PARENT);
    Object value = header == null ? null : header.value();
    String text =
        value instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.ISO_8859_1)
            : value instanceof String string ? string : "";
    Matcher trace = TRACE.matcher(text);
    return trace.matches() ? trace.group(1) : null;
  }
}
