package io.orderflow.sink.update;

import org.jspecify.annotations.Nullable;

/**
 * The record that an update comes from, for the audit trail.
 *
 * @param traceId of the record's W3C trace: 32 hexadecimal digits; null if it has none
 */
public record Origin(String topic, int partition, long offset, @Nullable String traceId) {}
