package io.orderflow.sink.apply;

import io.orderflow.sink.deadletter.BadRecord;
import io.orderflow.sink.warehouse.BatchResult;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of one batch that failed alone. Some failures may be due to the database as well: a
 * trigger that reads a missing table fails for one record, or for all. Such a record is bad only if
 * another one of the batch could be written; otherwise the task stops, so that no good record goes
 * to the dead-letter queue. For one thread.
 */
final class Rejections {

  /** After so many without any that could be written, the database is at fault. */
  private static final int MAX_SUSPECTS = 10;

  private final List<BadRecord> records = new ArrayList<>();
  private int suspects;
  private boolean othersWritten;
  private @Nullable SQLException firstSuspicion;

  /** Adds a record that is at fault. */
  void add(BadRecord record) {
    records.add(record);
  }

  /**
   * Adds a record that may be at fault.
   *
   * @throws UnusableWarehouseException if the database seems to be at fault
   */
  void suspect(SinkRecord record, SQLException failure) {
    add(BadRecord.rejected(record, failure));
    if (firstSuspicion == null) {
      firstSuspicion = failure;
    }
    if (++suspects >= MAX_SUSPECTS) {
      requireProof();
    }
  }

  /** Records the result of another part of the batch. */
  void applied(BatchResult result) {
    othersWritten |= result.payments() > 0 || !result.orders().isEmpty();
  }

  /**
   * The bad records, in the order of the batch.
   *
   * @throws UnusableWarehouseException if the database seems to be at fault
   */
  List<BadRecord> proven() {
    requireProof();
    return records;
  }

  private void requireProof() {
    if (firstSuspicion != null && !othersWritten) {
      throw new UnusableWarehouseException(firstSuspicion);
    }
  }
}
