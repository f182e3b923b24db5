package io.orderflow.source.read;

import org.jspecify.annotations.Nullable;

/** A value that an event cannot hold. The message names order and column, and never the value. */
public final class UnreadableValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what was expected and found, and where. */
  public UnreadableValueException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static UnreadableValueException notFinite(@Nullable Throwable cause) {
    return new UnreadableValueException(
        "expected a number, found NaN or infinity, which a Connect Decimal cannot hold; set"
            + " decimal.handling.mode=string, or change the value",
        cause);
  }
}
