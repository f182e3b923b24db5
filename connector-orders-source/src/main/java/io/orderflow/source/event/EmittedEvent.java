package io.orderflow.source.event;

import io.orderflow.source.offset.SourceOffset;
import java.util.Map;

/**
 * An event with the coordinates under which it is handed to Connect.
 *
 * @param partition Connect's source partition
 * @param offset the offset that Connect stores once this event is delivered
 */
public record EmittedEvent(Map<String, Object> partition, SourceOffset offset, OrderEvent event) {}
