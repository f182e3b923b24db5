package io.orderflow.source.value;

import org.jspecify.annotations.Nullable;

/** A value that events cannot represent. The message names order and column, never the value. */
public final class UnreadableValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Describes the problem without the value. */
  public UnreadableValueException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  public static UnreadableValueException notFinite(@Nullable Throwable cause) {
    return new UnreadableValueException(
        "NaN and infinity cannot be represented by Connect's Decimal; set"
            + " decimal.handling.mode=string, or change the value",
        cause);
  }
}
