package io.orderflow.source.log.change;

/** The log does not tell what the capture needs; a person has to change the tables' settings. */
public final class UnusableLogException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what was expected, what was found and what to do. */
  public UnusableLogException(String message) {
    super(message);
  }
}
