package io.orderflow.source.event;

/** The tables are not what the configuration says; a person has to change one or the other. */
public sealed class UnusableTables extends RuntimeException permits NotInstalled {

  private static final long serialVersionUID = 1L;

  private final String key;
  private final String message;

  /**
   * Says what is wrong.
   *
   * @param key the configuration key at fault
   * @param message what was expected, what was found and what to do
   */
  public UnusableTables(String key, String message) {
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
