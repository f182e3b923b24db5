package io.orderflow.source.query;

import org.jspecify.annotations.Nullable;

/** A value that an event cannot hold. The message names order and column, and never the value. */
public final class UnreadableValue extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableValue(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
