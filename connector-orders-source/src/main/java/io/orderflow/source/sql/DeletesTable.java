package io.orderflow.source.sql;

/** The columns of the table with the IDs of deleted orders. */
public final class DeletesTable {

  public static final String ORDER_ID = "order_id";
  public static final String VERSION = "version";
  public static final String CHANGE_XID = "change_xid";

  private DeletesTable() {}
}
