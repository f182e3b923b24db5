package io.orderflow.sink.update;

import org.jspecify.annotations.Nullable;

/**
 * Where an update has come from, for the audit trail.
 *
 * @param traceId of the W3C trace that it is part of: 32 hexadecimal digits
 */
public record Origin(String topic, int partition, long offset, @Nullable String traceId) {}
