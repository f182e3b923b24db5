package io.orderflow.sink.record;

import org.apache.kafka.connect.errors.DataException;

/**
 * A record that the sink cannot read, and therefore can never apply. The message names the field,
 * what was expected, what was found and what to do. It never contains a field's value, except for
 * an unknown status or intent.
 */
public final class BadRecordException extends DataException {

  private static final long serialVersionUID = 1L;

  private boolean ofOrderIdType;

  BadRecordException(Coordinates at, String path, String expected, String found, String remedy) {
    super(path + ": expected " + expected + ", found " + found + " (" + at + "). " + remedy);
  }

  /** Marks the exception: another type of order IDs might fit. */
  BadRecordException ofOrderIdType() {
    ofOrderIdType = true;
    return this;
  }

  /** Whether the order ID does not fit the type of the tables, which may have changed. */
  public boolean isOfOrderIdType() {
    return ofOrderIdType;
  }

  /** Leaves the stack trace out: a topic of bad records causes thousands of these a second. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
