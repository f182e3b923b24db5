package io.orderflow.source.offset;

import java.util.Map;

/** Where a capture stands once an event is delivered: what Connect stores as the source offset. */
public sealed interface SourceOffset permits ShardOffset, LogOffset {

  /** The map form: strings and longs only. */
  Map<String, Object> toMap();

  /** The one number of it that grows from change to change; an event's header tells it. */
  long number();
}
