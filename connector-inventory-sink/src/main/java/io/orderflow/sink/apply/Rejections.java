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
 * another one of the batch could be written, or was written before, when the batch is delivered
 * again; otherwise the task stops, so that no good record goes to the dead-letter queue. For one
 * thread.
 */
final class Rejections {

  /** After so many without any that could be written now, the database is at fault. */
  private static final int MAX_SUSPECTS = 10;

  private final List<BadRecord> records = new ArrayList<>();
  private int suspects;
  private boolean othersWritten;
  private boolean othersWrittenBefore;
  private @Nullable UnusableWarehouseException suspicion;

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
    if (suspicion == null) {
      suspicion = new UnusableWarehouseException(record, failure);
    }
    suspects++;
    requireProof(suspects < MAX_SUSPECTS);
  }

  /** Records the result of another part of the batch. */
  void applied(BatchResult result) {
    othersWritten |= result.payments() > 0 || !result.orders().isEmpty();
    othersWrittenBefore |= result.stalePayments() > 0 || result.staleOrders() > 0;
  }

  /**
   * The bad records, in the order of the batch.
   *
   * @throws UnusableWarehouseException if the database seems to be at fault
   */
  List<BadRecord> proven() {
    requireProof(othersWrittenBefore);
    return records;
  }

  private void requireProof(boolean otherwiseProven) {
    if (suspicion != null && !othersWritten && !otherwiseProven) {
      throw suspicion;
    }
  }
}
