package io.orderflow.benchmarks.measure;

/** The content that a contestant has written is wrong. */
public final class WrongContentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private WrongContentException(String message) {
    super(message);
  }

  public static void expect(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new WrongContentException(
          "Wrong content: expected %s %s, found %s".formatted(what, expected, found));
    }
  }
}
