package io.orderflow.source.log.assembly;

/** The log does not tell what the capture needs; a person has to change the tables' settings. */
public final class UnusableLog extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what was expected, what was found and what to do. */
  public UnusableLog(String message) {
    super(message);
  }
}
