package io.orderflow.sink.apply;

import io.orderflow.sink.record.Coordinates;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/** A failure of the warehouse that no retry can overcome, so it stops the task. */
final class UnusableWarehouseException extends ConnectException {

  private static final long serialVersionUID = 1L;

  UnusableWarehouseException(SQLException failure) {
    super(
        "The warehouse rejects the sink's transactions, and retrying does not help: "
            + failure.getMessage()
            + ". Validate the connector's configuration to see what is missing, fix it, and restart"
            + " the task.",
        failure);
  }

  /** For a record that fails alone, while no other one shows that the database is sound. */
  UnusableWarehouseException(SinkRecord suspect, SQLException failure) {
    super(
        "The warehouse rejects record "
            + Coordinates.of(suspect)
            + ", and no other record of its batch could be applied, so that the record or the"
            + " database may be at fault: "
            + failure.getMessage()
            + ". If the database lacks something, such as an object that a trigger needs, add it and"
            + " restart the task. If the record is at fault, restart the task when newer records"
            + " follow it: then it goes to the dead-letter queue.",
        failure);
  }
}
