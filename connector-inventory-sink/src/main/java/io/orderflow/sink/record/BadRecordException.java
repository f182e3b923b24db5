package io.orderflow.sink.record;

import org.apache.kafka.connect.errors.DataException;

/**
 * A record that can never be applied, however often it is tried. The message names the field, what
 * was expected, what was found and what to do; it never shows what a field contains, with the
 * exception of an unknown status or intent.
 */
public final class BadRecordException extends DataException {

  private static final long serialVersionUID = 1L;

  BadRecordException(Coordinates at, String path, String expected, String found, String remedy) {
    super(path + ": expected " + expected + ", found " + found + " (" + at + "). " + remedy);
  }

  /**
   * None: a topic of bad records makes thousands of these a second, and the message says it all.
   */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
