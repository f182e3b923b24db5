package io.orderflow.source.log.pgoutput;

/**
 * Bytes are not a message of the protocol. The text says what was expected, what was found and at
 * which byte of the message, and never contains a value of a row.
 */
public final class MalformedMessageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message) {
    super(message);
  }
}
