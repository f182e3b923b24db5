package io.orderflow.sink.apply;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.record.Coordinates;
import io.orderflow.sink.warehouse.Write;
import java.sql.SQLException;
import java.util.Set;

/**
 * A record that fails alone, although the record or the database may be at fault.
 *
 * @param writes what its transaction had begun to write, the statement that failed included
 */
record Suspect(ParsedRecord parsed, SQLException failure, Set<Write> writes) {

  /**
   * Whether time may help: the server fails within a trigger for a transient reason, such as a lock
   * that another session holds. The record must not go to the dead-letter queue then.
   */
  boolean mayWait() {
    return SqlFailures.classify(failure) == FailureClass.TRANSIENT
        && !SqlFailures.isRaised(failure);
  }

  /** The failure, with the record's coordinates. */
  SQLException named() {
    return new SQLException(
        "record " + Coordinates.of(parsed.record()) + ": " + failure.getMessage(),
        state(),
        failure);
  }

  String state() {
    return SqlFailures.sqlState(failure).orElse("");
  }
}
