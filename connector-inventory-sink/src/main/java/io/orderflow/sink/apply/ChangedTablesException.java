package io.orderflow.sink.apply;

import org.apache.kafka.connect.errors.ConnectException;

/** Columns of the tables have changed: they must be read again, and so must the records. */
final class ChangedTablesException extends ConnectException {

  private static final long serialVersionUID = 1L;

  ChangedTablesException() {
    super("columns of the warehouse's tables have changed");
  }
}
