package io.orderflow.source.schema;

/** How record keys represent order IDs of several columns. */
public enum CompositeIdFormat {
  /** One text, see {@link OrderIdText}. */
  TEXT,
  /** A struct with a field for each column. */
  STRUCT
}
