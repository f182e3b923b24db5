package io.orderflow.sink.record;

/**
 * A content that cannot be used, found where its place in the record is not known; {@link Row} adds
 * the place. Carries no stack trace, as {@link BadRecordException} does not.
 */
final class FieldError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String expected;
  private final String found;
  private final String remedy;

  FieldError(String expected, String found, String remedy) {
    super(expected, null, false, false);
    this.expected = expected;
    this.found = found;
    this.remedy = remedy;
  }

  BadRecordException at(Coordinates at, String path) {
    return new BadRecordException(at, path, expected, found, remedy);
  }
}
