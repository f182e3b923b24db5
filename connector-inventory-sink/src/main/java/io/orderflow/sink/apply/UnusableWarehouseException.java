package io.orderflow.sink.apply;

import io.orderflow.sink.record.Coordinates;
import io.orderflow.sink.warehouse.ConcurrentChangeException;
import java.sql.SQLException;
import java.util.Optional;
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

  private UnusableWarehouseException(String message, SQLException failure) {
    super(message, failure);
  }

  /**
   * For a sweep.
   *
   * @param order the order that cannot be written; empty if no order is at fault
   */
  static UnusableWarehouseException ofSweep(
      SweepKind kind, Optional<Object> order, SQLException failure) {
    return new UnusableWarehouseException(
        "The warehouse rejects "
            + order.map(id -> kind.changeOfOne() + id).orElse(kind.change())
            + ", and retrying does not help: "
            + (failure instanceof ConcurrentChangeException unwritten
                ? "PostgreSQL does not write the row in the table of "
                    + unwritten.table()
                    + " as the sink does"
                : failure.getMessage())
            + ". Validate the connector's configuration to see what is missing, look for a trigger or"
            + " a constraint that rejects the order, fix it, and restart the task. Until then, "
            + kind.consequence()
            + ".",
        failure);
  }

  /** For a record that fails alone, while no other one shows that the database is sound. */
  static UnusableWarehouseException withoutProof(Suspect suspect) {
    return new UnusableWarehouseException(
        "The warehouse rejects record "
            + Coordinates.of(suspect.parsed().record())
            + ", and no other record of its batch could be written in the same way, so that the"
            + " record or the database may be at fault: "
            + suspect.failure().getMessage()
            + ". If the database lacks something, such as an object that a trigger needs or a policy"
            + " of row-level security, add it and restart the task. If the record is at fault,"
            + " restart the task when newer records follow it: then it goes to the dead-letter"
            + " queue.",
        suspect.failure());
  }

  /** For a record whose trigger fails for a transient reason, while other records are written. */
  static UnusableWarehouseException ofOneRecord(Suspect suspect) {
    return new UnusableWarehouseException(
        "A trigger or another function of the warehouse fails again and again for record "
            + Coordinates.of(suspect.parsed().record())
            + " alone, with SQLSTATE "
            + suspect.state()
            + ": "
            + suspect.failure().getMessage()
            + ". Other records are written meanwhile. Look for what the function waits for, such as"
            + " a lock or another server, end that, and restart the task.",
        suspect.failure());
  }
}
