package io.orderflow.sink.apply;

import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.UpdateReader;
import java.util.Deque;
import java.util.function.Consumer;
import org.apache.kafka.connect.sink.SinkRecord;

/** What turns records into committed transactions, once the tables are known. */
record Pipeline(UpdateReader reader, Workers lanes, RecordTraces traces) implements AutoCloseable {

  /**
   * Hands records to the lanes, as long as there is room until the deadline; takes out those that
   * were handed over, and those that cannot be read.
   *
   * @param deadline as {@link System#nanoTime} counts
   * @param unreadable where those go that cannot be read
   */
  void handOver(Deque<SinkRecord> records, long deadline, Consumer<BadRecord> unreadable)
      throws InterruptedException {
    for (SinkRecord next = records.peek(); next != null; next = records.peek()) {
      try {
        ParsedRecord reading =
            new ParsedRecord(next, reader.read(next), RecordSize.of(next), traces.received(next));
        if (!lanes.add(reading, deadline)) {
          return;
        }
      } catch (BadRecordException e) {
        unreadable.accept(new BadRecord(next, e));
      }
      records.remove();
    }
  }

  @Override
  public void close() {
    lanes.close();
  }
}
