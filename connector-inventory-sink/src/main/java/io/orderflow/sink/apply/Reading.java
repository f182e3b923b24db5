package io.orderflow.sink.apply;

import io.orderflow.sink.update.Update;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A record and what it asks of the warehouse.
 *
 * @param updates none where it asks nothing
 */
record Reading(SinkRecord record, List<Update> updates) {}
