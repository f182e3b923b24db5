package io.orderflow.source.schema;

/** The column for the transaction ID is missing: the SQL that adds it has not been run. */
public final class NotInstalledException extends UnusableTablesException {

  private static final long serialVersionUID = 1L;

  private final transient OrderIdColumns ids;

  /**
   * Names the missing column.
   *
   * @param key the setting at fault
   * @param ids the order ID's columns, by which that SQL is made
   */
  public NotInstalledException(String key, String message, OrderIdColumns ids) {
    super(key, message);
    this.ids = ids;
  }

  public OrderIdColumns ids() {
    return ids;
  }
}
