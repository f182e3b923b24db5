package io.orderflow.sink.warehouse;

/**
 * A kind of statement that writes rows. Each has triggers and policies of its own, so that one may
 * fail for all rows while the others work.
 */
public enum Write {
  INSERT_PAYMENTS,
  UPDATE_PAYMENTS,
  INSERT_ORDER_PAYMENTS,
  UPDATE_ORDER_PAYMENTS,
  UPSERT_PAYMENT_TOTALS,
  INSERT_ORDERS,
  UPDATE_ORDERS,
  INSERT_STOCK,
  UPDATE_STOCK,
  UPSERT_BACKORDERS,
  DELETE_BACKORDERS,
  INSERT_DUE_BACKORDERS,
  INSERT_AUDIT
}
