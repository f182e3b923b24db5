package io.orderflow.stack;

import org.jspecify.annotations.Nullable;

/** A part of the stack could not be started, or did not obey a request. */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StackException(String message) {
    super(message);
  }

  StackException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
