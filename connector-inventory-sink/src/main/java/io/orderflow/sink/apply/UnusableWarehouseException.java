package io.orderflow.sink.apply;

import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;

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
}
