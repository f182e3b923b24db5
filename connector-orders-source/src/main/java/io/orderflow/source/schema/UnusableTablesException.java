package io.orderflow.source.schema;

/** The tables or the server contradict the configuration; an operator has to change one of them. */
public sealed class UnusableTablesException extends RuntimeException permits NotInstalledException {

  private static final long serialVersionUID = 1L;

  private final String key;
  private final String message;

  /**
   * Names the setting at fault.
   *
   * @param key the setting at fault
   * @param message the problem with the value, and what to do
   */
  public UnusableTablesException(String key, String message) {
    super(message);
    this.key = key;
    this.message = message;
  }

  /** The setting at fault. */
  public String key() {
    return key;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
