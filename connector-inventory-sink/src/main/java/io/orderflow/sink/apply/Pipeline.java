package io.orderflow.sink.apply;

import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.UpdateReader;
import org.apache.kafka.connect.sink.SinkRecord;

/** Parses records and queues them for the workers. For the task's thread. */
record Pipeline(UpdateReader reader, RecordTraces traces, Workers workers)
    implements AutoCloseable {

  /**
   * Parses a record and queues it, waiting for room until the deadline.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   * @return false if there was no room
   * @throws BadRecordException if the record cannot be read
   */
  boolean submit(SinkRecord record, long deadline) throws InterruptedException {
    return workers.add(
        new ParsedRecord(
            record, reader.read(record), RecordSize.estimate(record), traces.startSpan(record)),
        deadline);
  }

  @Override
  public void close() {
    workers.close();
  }
}
