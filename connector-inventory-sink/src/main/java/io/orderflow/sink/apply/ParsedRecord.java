package io.orderflow.sink.apply;

import io.opentelemetry.api.trace.Span;
import io.orderflow.sink.update.Update;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record and the updates in it.
 *
 * @param updates all of one order or payment; none for a record that changes nothing
 * @param bytes estimated size in memory
 * @param span ends when the record is finished; null for a record that is not traced
 */
record ParsedRecord(SinkRecord record, List<Update> updates, long bytes, @Nullable Span span) {}
