package io.orderflow.sink.warehouse;

/** How a transaction inserts and locks rows, which depends on the attempts that failed before. */
public record WriteMode(InsertStrategy inserts, StockLockOrder stockLock) {

  /** How a transaction inserts rows that did not exist when it read them. */
  public enum InsertStrategy {
    /** With COPY: cheapest, but a unique violation if another transaction is faster. */
    COPY,
    /** With INSERT ... ON CONFLICT, which waits for the other transaction and continues. */
    GUARDED
  }

  /** When a transaction locks the stock rows of its batch. */
  public enum StockLockOrder {
    /** At the end, for as short as possible. The plan may then not fit the stock any more. */
    LAST,
    /** Before orders are planned and claimed, so that the plan is sure to fit. */
    FIRST
  }
}
