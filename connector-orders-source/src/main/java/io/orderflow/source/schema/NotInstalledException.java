package io.orderflow.source.schema;

import io.orderflow.common.database.OrderIdType;

/** The column for the transaction ID is missing: the SQL that adds it has not been run. */
public final class NotInstalledException extends UnusableTablesException {

  private static final long serialVersionUID = 1L;

  private final String ordersId;
  private final OrderIdType idType;

  /**
   * Names the missing column.
   *
   * @param key the setting at fault
   * @param ordersId the order ID's column, by which that SQL is made
   */
  public NotInstalledException(String key, String message, String ordersId, OrderIdType idType) {
    super(key, message);
    this.ordersId = ordersId;
    this.idType = idType;
  }

  public String ordersId() {
    return ordersId;
  }

  public OrderIdType idType() {
    return idType;
  }
}
