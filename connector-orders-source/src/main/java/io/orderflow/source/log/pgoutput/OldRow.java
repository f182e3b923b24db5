package io.orderflow.source.log.pgoutput;

/**
 * A row before its update or delete.
 *
 * @param tuple as many columns as the relation has; where the kind is {@link Kind#KEY}, those that
 *     are no part of the key are null
 */
public record OldRow(Kind kind, Tuple tuple) {

  /** How much of the row is there. */
  public enum Kind {
    /** The columns of the replica identity. */
    KEY,
    /** All columns: the replica identity is {@link ReplicaIdentity#FULL}. */
    WHOLE
  }
}
