package io.orderflow.sink.deadletter;

import io.orderflow.common.failure.RejectionCause;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.Coordinates;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** A record that can never be applied, what rejected it, and the failure to report. */
public record BadRecord(SinkRecord record, RejectionCause cause, DataException failure) {

  /** A record that the sink cannot read. */
  public static BadRecord unreadable(SinkRecord record, BadRecordException failure) {
    return new BadRecord(record, RejectionCause.UNREADABLE, failure);
  }

  /**
   * A record of which the database writes no row, without an error.
   *
   * @param table what the table contains: payments, orders or stock
   */
  public static BadRecord unwritten(SinkRecord record, String table) {
    return new BadRecord(
        record,
        RejectionCause.TRIGGER,
        new UnwrittenRecordException(Coordinates.of(record), table));
  }

  /** A record that the database rejects. */
  public static BadRecord rejected(SinkRecord record, SQLException failure) {
    return new BadRecord(
        record,
        SqlFailures.rejectionCause(failure),
        new RejectedRecordException(Coordinates.of(record), failure));
  }
}
