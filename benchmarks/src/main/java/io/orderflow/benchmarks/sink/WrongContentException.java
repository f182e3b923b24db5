package io.orderflow.benchmarks.sink;

/** A contestant has left something else in its tables than the records say. */
final class WrongContentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private WrongContentException(String message) {
    super(message);
  }

  static void expect(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new WrongContentException(
          "Wrong content: expected %s %s, found %s".formatted(what, expected, found));
    }
  }
}
