package io.orderflow.source.schema;

/** The tables are not what the configuration says; a person has to change one or the other. */
public sealed class UnusableTablesException extends RuntimeException permits NotInstalledException {

  private static final long serialVersionUID = 1L;

  private final String key;
  private final String message;

  /**
   * Says what is wrong.
   *
   * @param key the configuration key at fault
   * @param message what was expected, what was found and what to do
   */
  public UnusableTablesException(String key, String message) {
    super(message);
    this.key = key;
    this.message = message;
  }

  /** The configuration key at fault. */
  public String key() {
    return key;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
