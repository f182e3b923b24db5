package io.orderflow.source.capture;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** A way to read changes; one thread polls, any may stop it. */
public interface Capture extends AutoCloseable {

  /** The next records; null where there are none yet, after a wait. */
  @Nullable List<SourceRecord> poll();

  /** Kafka has this record, or it was left out by a transformation. Any thread. */
  default void delivered(SourceRecord record) {}

  /** Connect has committed the offsets of records that were delivered. Any thread. */
  default void committed() {}

  /** Ends a wait at once, and what is under way soon. */
  void stop();

  @Override
  void close();
}
