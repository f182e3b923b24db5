package io.orderflow.source.query;

/** Names within the table that keeps the IDs of deleted orders; quoted where they have to be. */
public final class DeletesTable {

  public static final String ORDER_ID = "order_id";
  public static final String VERSION = "version";
  public static final String CHANGE_XID = "change_xid";

  private DeletesTable() {}
}
