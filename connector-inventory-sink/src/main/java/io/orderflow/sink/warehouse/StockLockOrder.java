package io.orderflow.sink.warehouse;

/** When the stock rows of a batch are locked. */
enum StockLockOrder {
  /** At the very end, for as short as possible: what was planned may not fit any more then. */
  LAST,
  /** Before orders are claimed and the batch is planned, so that the plan fits for certain. */
  FIRST
}
