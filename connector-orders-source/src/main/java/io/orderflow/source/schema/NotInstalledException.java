package io.orderflow.source.schema;

import io.orderflow.common.database.OrderIdType;

/** The column that keeps the transaction is missing: the SQL for it has not been run. */
public final class NotInstalledException extends UnusableTablesException {

  private static final long serialVersionUID = 1L;

  private final String ordersId;
  private final OrderIdType idType;

  /**
   * Says what is missing.
   *
   * @param ordersId the order ID's column, which the SQL needs to know
   */
  public NotInstalledException(String message, String ordersId, OrderIdType idType) {
    super("change.xid.column", message);
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
