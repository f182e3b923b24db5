package io.orderflow.source.fuzz;

/** What a seed has found. */
final class FuzzFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FuzzFailure(String message) {
    super(message);
  }

  FuzzFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
