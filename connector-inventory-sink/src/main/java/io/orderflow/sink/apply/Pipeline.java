package io.orderflow.sink.apply;

import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.UpdateReader;
import io.orderflow.sink.update.Update;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** Parses records and queues them for the workers. For the task's thread. */
record Pipeline(UpdateReader reader, RecordTraces traces, Workers workers, TablesWatch tables)
    implements AutoCloseable {

  /**
   * Parses a record and queues it, waiting for room until the deadline.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   * @return false if there was no room
   * @throws BadRecordException if the record cannot be read
   * @throws ChangedTablesException if its order ID does not fit tables that have changed
   */
  boolean submit(SinkRecord record, long deadline) throws InterruptedException {
    return workers.add(
        new ParsedRecord(
            record, read(record), RecordSize.estimate(record), traces.startSpan(record)),
        deadline);
  }

  private List<Update> read(SinkRecord record) {
    try {
      return reader.read(record);
    } catch (BadRecordException bad) {
      if (bad.isOfOrderIdType() && tables.haveChangedThrottled()) {
        throw ChangedTablesException.ofColumns();
      }
      throw bad;
    }
  }

  @Override
  public void close() {
    workers.close();
  }
}
