package io.orderflow.sink.warehouse;

/** How rows come in that were not there when the transaction looked. */
enum InsertStrategy {
  /** By COPY: cheapest, and a unique violation where another transaction is faster. */
  COPY,
  /** By INSERT ... ON CONFLICT, which waits for the other transaction and goes on. */
  GUARDED
}
