package io.orderflow.sink.warehouse;

/** The tables count in other steps than those of the batch, which must not be applied. */
public final class ChangedScaleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ChangedScaleException(int expected, int found) {
    super("expected tables that count with %d decimals, found %d".formatted(expected, found));
  }
}
