package io.orderflow.source.offset;

import java.util.Map;

/** How far a capture has come once an event is delivered: what Connect stores as source offset. */
public sealed interface SourceOffset permits ShardOffset, LogOffset {

  /** The map form: strings and longs only. */
  Map<String, Object> toMap();

  /** The component that increases from change to change, as the event's header shows it. */
  long position();
}
