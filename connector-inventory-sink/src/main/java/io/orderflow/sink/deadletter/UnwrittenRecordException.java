package io.orderflow.sink.deadletter;

import io.orderflow.sink.record.Coordinates;
import org.apache.kafka.connect.errors.DataException;

/** A record whose row the database does not write as it should, although it reports no error. */
final class UnwrittenRecordException extends DataException {

  private static final long serialVersionUID = 1L;

  UnwrittenRecordException(Coordinates at, String table) {
    super(
        "PostgreSQL does not write the row of record "
            + at
            + " in the table of "
            + table
            + " as it should, and reports no error. Look for a trigger or rule that suppresses the row"
            + " or changes its key, version or quantities, for a null in its columns version, on_hand, reserved or moved, and for a collation in"
            + " which its key equals another one; then replay the record.");
  }

  /** Leaves the stack trace out, since there may be thousands and the message is complete. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
