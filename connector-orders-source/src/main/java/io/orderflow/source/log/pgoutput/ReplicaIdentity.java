package io.orderflow.source.log.pgoutput;

/** What a table's log tells of a row as it was before an update or delete. */
public enum ReplicaIdentity {
  /** The primary key's columns. */
  DEFAULT,
  /** Nothing; the table's updates and deletes cannot be published. */
  NOTHING,
  /** The whole row. */
  FULL,
  /** The columns of a unique index that was chosen for it. */
  INDEX
}
