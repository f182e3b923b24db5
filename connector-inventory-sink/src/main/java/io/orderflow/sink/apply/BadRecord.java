package io.orderflow.sink.apply;

import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** A record that can never be applied, and why. */
record BadRecord(SinkRecord record, DataException cause) {}
