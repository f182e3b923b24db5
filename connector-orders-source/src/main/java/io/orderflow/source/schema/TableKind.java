package io.orderflow.source.schema;

/** How statements reach the rows of a table, which decides on the triggers that see changes. */
public enum TableKind {

  /** Every statement that changes a row names this table. */
  PLAIN(false),

  /** The rows are in partitions, which statements may name instead. */
  PARTITIONED(true),

  /** The table is a partition or an inheritance child: statements may name its parent instead. */
  CHILD(true),

  /** Changes also come from a logical replication, which executes no statements. */
  SUBSCRIBED(true);

  private final boolean othersReachRows;

  TableKind(boolean othersReachRows) {
    this.othersReachRows = othersReachRows;
  }

  /**
   * Whether a row can change without a statement that names this table. Then only triggers for each
   * row see all changes: those for statements fire for the table that the statement names.
   */
  public boolean othersReachRows() {
    return othersReachRows;
  }
}
