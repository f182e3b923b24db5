package io.orderflow.sink.apply;

/**
 * Whether inserts are guarded. When another task has inserted the same orders, as when order events
 * and payments are caught up with at once, it will do so again: for some transactions, inserts are
 * guarded. For one thread.
 */
final class GuardedInserts {

  private static final int TRANSACTIONS = 50;

  private int transactions;

  boolean isOn() {
    return transactions > 0;
  }

  void begin() {
    transactions = TRANSACTIONS;
  }

  void transactionSucceeded() {
    transactions = Math.max(0, transactions - 1);
  }
}
