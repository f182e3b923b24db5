package io.orderflow.sink.record;

/**
 * A value that cannot be used, thrown by code that does not know the field; the caller adds the
 * field with {@link #at}. Like {@link BadRecordException}, it has no stack trace.
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
