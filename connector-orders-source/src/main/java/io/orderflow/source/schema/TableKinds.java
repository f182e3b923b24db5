package io.orderflow.source.schema;

/**
 * The kinds of the captured tables.
 *
 * @param items {@link TableKind#PLAIN} if an order is a single row
 */
public record TableKinds(TableKind orders, TableKind items) {

  /** Two tables without partitions and parents. */
  public static final TableKinds PLAIN = new TableKinds(TableKind.PLAIN, TableKind.PLAIN);
}
