package io.orderflow.source.log.protocol;

/**
 * Bytes that are no message of the protocol. The text says what was expected, what was found and at
 * which byte of the message, and never holds a value of a row.
 */
public final class MalformedMessage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MalformedMessage(String message) {
    super(message);
  }
}
