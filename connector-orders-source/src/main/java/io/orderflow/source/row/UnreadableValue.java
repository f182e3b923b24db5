package io.orderflow.source.row;

import org.jspecify.annotations.Nullable;

/** A value that an event cannot hold. The message names order and column, and never the value. */
public final class UnreadableValue extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what was expected and found, and where. */
  public UnreadableValue(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static UnreadableValue notFinite(@Nullable Throwable cause) {
    return new UnreadableValue(
        "expected a number, found NaN or infinity, which a Connect Decimal cannot hold; set"
            + " decimals=string, or change the value",
        cause);
  }
}
