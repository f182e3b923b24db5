package io.orderflow.source.offset;

import java.util.Map;

/** The offset that Connect stores once an event is delivered: capture continues there. */
public sealed interface SourceOffset permits ShardOffset, LogOffset {

  /** The map form: strings and longs only. */
  Map<String, Object> toMap();

  /** The component that increases from change to change, as the event's header shows it. */
  long position();
}
