package io.orderflow.sink.apply;

import org.apache.kafka.connect.errors.ConnectException;

/** The tables' type of order ID has changed: they must be read again, and so must the records. */
final class ChangedTablesException extends ConnectException {

  private static final long serialVersionUID = 1L;

  ChangedTablesException() {
    super("the type of order_id in the warehouse's tables has changed");
  }
}
